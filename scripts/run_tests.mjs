// node scripts/run_tests.mjs TREE [--busy|--stalls] [FILTER…]: runs every suite against the binaries
// in TREE, and ends with the line "N passed, N failed". With filters, only the files whose names
// hold one of them. A file or a suite that runs no test has failed.
//   --busy    another program keeps all cores busy meanwhile
//   --stalls  the servers of the tests are stopped for up to 3 s, again and again; files about time
//             and the conformance suites are left out
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepBusy, stallServers } from './testing/disturbance.mjs';
import { runJob, runningGroups, stopAll } from './testing/job.mjs';
import { isAboutTime, runAll } from './testing/schedule.mjs';
import { allSuites } from './testing/suites.mjs';

const kSlowestShown = 10;

process.chdir(resolve(dirname(fileURLToPath(import.meta.url)), '..'));
const [tree, ...words] = process.argv.slice(2);
const filters = words.filter((word) => !word.startsWith('--'));
const has = (flag) => words.includes(flag);
const reports = resolve(tree, 'sanitizer-reports');

// Sanitizers write to files: what a server reports in a test that does not look at its exit is
// found there all the same.
const sanitizerOptions = `halt_on_error=1:exitcode=86:log_path=${join(reports, 'report')}`;
const environment = {
  ...process.env,
  HELIOGRAPH_BUILD: resolve(tree),
  ASAN_OPTIONS:
    `${sanitizerOptions}:detect_leaks=1:detect_stack_use_after_return=1:` +
    'check_initialization_order=1:strict_init_order=1:strict_string_checks=1',
  UBSAN_OPTIONS: `${sanitizerOptions}:print_stacktrace=1`,
  TSAN_OPTIONS: `${sanitizerOptions}:second_deadlock_stack=1`,
  NO_COLOR: '1',
};
delete environment.FORCE_COLOR;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopAll();
    process.exit(130);
  });
}

/** The jobs that are asked for; those of a suite that has none are reported as missing. */
function select() {
  const suites = allSuites(tree);
  const isWanted = ({ name }) =>
    filters.length === 0 || filters.some((filter) => name.includes(filter));
  const bearsStalls = (job) => job.suite !== 'conformance' && !isAboutTime(job);
  const jobs = Object.values(suites)
    .flat()
    .filter(isWanted)
    .filter((job) => !has('--stalls') || bearsStalls(job));
  const isMissing = (suite) => filters.length === 0 && suites[suite].length === 0;
  return { jobs, missing: Object.keys(suites).filter(isMissing) };
}

function print({ name, output, seconds, passed, failed }) {
  if (failed > 0) console.log(output.trimEnd());
  else for (const [line] of output.matchAll(/^(?:skipped|ℹ measured): .*$/gm)) console.log(line);
  const verdict = failed > 0 ? 'FAIL' : 'ok  ';
  console.log(`${verdict} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`);
}

/** Runs the jobs, disturbed as asked for; their results in the order in which they ended. */
async function runDisturbed(jobs) {
  const results = [];
  const endLoops = has('--busy') ? keepBusy() : () => {};
  const endStalls = has('--stalls') ? stallServers(runningGroups) : null;
  await runAll(jobs, async (job) => {
    const result = await runJob(job, environment);
    print(result);
    results.push(result);
  });
  endLoops();
  if (endStalls) console.log(`The servers were stopped ${endStalls()} times.`);
  return results;
}

function printSlowest(results) {
  const slowest = [...results].sort((a, b) => b.seconds - a.seconds).slice(0, kSlowestShown);
  console.log('The files that took longest:');
  for (const { seconds, name } of slowest) {
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
  }
}

function sanitizerFailures() {
  const files = existsSync(reports) ? readdirSync(reports) : [];
  for (const file of files) {
    console.log(`FAIL ${join(reports, file)}\n${readFileSync(join(reports, file), 'utf8')}`);
  }
  return files.length;
}

/** What git would add to a commit. */
const uncommitted = () => execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' });

// Nothing that tests leave behind can be committed. Elsewhere a developer may edit meanwhile.
const watchesTree = process.env.CI === 'true';
const treeBefore = watchesTree ? uncommitted() : '';

function leftovers() {
  const now = watchesTree ? uncommitted() : treeBefore;
  if (now === treeBefore) return 0;
  console.log(`FAIL the tests have changed the work tree:\n${now}`);
  return 1;
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const { jobs, missing } = select();
for (const suite of missing) console.log(`FAIL ${suite}: the suite has no test`);
if (jobs.length === 0) console.log('FAIL no test file matches');

const results = await runDisturbed(jobs);
printSlowest(results);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed =
  results.reduce((sum, result) => sum + result.failed, 0) +
  missing.length +
  sanitizerFailures() +
  leftovers() +
  (jobs.length === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
