// node scripts/run_tests.mjs TREE [FILTER…]: runs every suite against the binaries in TREE, as many
// files at a time as there are cores, and ends with the line "N passed, N failed". With filters,
// only the files whose names hold one of them. A file or a suite that runs no test is a failure.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const kMinutesPerFile = 10;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const [tree, ...filters] = process.argv.slice(2);
const reports = resolve(tree, 'sanitizer-reports');

// Sanitizers write to files: what a server reports in a test that does not look at its exit is
// found there all the same.
const sanitizerOptions = `halt_on_error=1:exitcode=86:log_path=${join(reports, 'report')}`;
const environment = {
  ...process.env,
  HELIOGRAPH_BUILD: resolve(tree),
  ASAN_OPTIONS: `${sanitizerOptions}:detect_leaks=1:detect_stack_use_after_return=1:` +
      'check_initialization_order=1:strict_init_order=1:strict_string_checks=1',
  UBSAN_OPTIONS: `${sanitizerOptions}:print_stacktrace=1`,
  TSAN_OPTIONS: `${sanitizerOptions}:second_deadlock_stack=1`,
  NO_COLOR: '1',
};
delete environment.FORCE_COLOR;

const stripColour = (text) => text.replace(/\x1b\[[0-9;]*m/g, '');
const sumOf = (text, pattern) =>
  [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);

function countGoogleTest(output, exitCode) {
  const passed = [...output.matchAll(/^\[       OK \] /gm)].length;
  const failed = [...output.matchAll(/^\[  FAILED  \] .* \(\d+ ms\)$/gm)].length;
  return { passed, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}

function countNodeTest(output, exitCode) {
  const passed = sumOf(output, /^ℹ pass (\d+)$/gm);
  const failed = sumOf(output, /^ℹ (?:fail|cancelled) (\d+)$/gm);
  return { passed, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}

function countScript(output, exitCode) {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function filesUnder(folder, suffix) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesUnder(path, suffix);
    return path.endsWith(suffix) ? [path] : [];
  });
}

function unitTests() {
  const folders = new Set(filesUnder('src', '_test.cpp').map((path) => dirname(path)));
  return [...folders].map((folder) => ({
    suite: 'unit',
    name: folder,
    command: [join(tree, `${basename(folder)}_test`), '--gtest_color=no'],
    count: countGoogleTest,
  }));
}

function nodeTests(suite) {
  return filesUnder(join('tests', suite), '.test.mjs').map((file) => ({
    suite,
    name: file,
    command: [process.execPath, '--test-reporter=spec', file],
    count: countNodeTest,
  }));
}

function checks() {
  const commands = [
    ['scripts/check_layers'],
    ['scripts/check_layers_test.sh'],
    ['scripts/dev_test.sh'],
    ['scripts/setup_test.sh'],
    ['scripts/requirements_test.sh'],
    ['scripts/check_headers'],
    ['scripts/format', '--check'],
  ];
  return commands.map((command) => (
    { suite: 'checks', name: command.join(' '), command, count: countScript }));
}

// The longest first, so that no core waits for one of them at the end.
const suites = {
  browser: nodeTests('browser'),
  client: nodeTests('client'),
  cluster: nodeTests('cluster'),
  e2e: nodeTests('e2e'),
  deploy: nodeTests('deploy'),
  conformance: nodeTests('conformance'),
  docs: nodeTests('docs'),
  unit: unitTests(),
  checks: checks(),
};

// Each file runs in a process group of its own, so that what it started ends with it.
const running = new Set();
const stop = (child) => {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    running.forEach(stop);
    process.exit(130);
  });
}

function run({ suite, name, command, count }) {
  return new Promise((done) => {
    const started = Date.now();
    const child = spawn(command[0], command.slice(1), { env: environment, detached: true });
    running.add(child);
    let output = '';
    const collect = (chunk) => { output += chunk; };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const timer = setTimeout(() => {
      output += `\nStopped after ${kMinutesPerFile} minutes.\n`;
      stop(child);
    }, kMinutesPerFile * 60_000);
    child.on('error', (error) => { output += `${error.message}\n`; });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      running.delete(child);
      stop(child);
      output = stripColour(output);
      const result = count(output, exitCode);
      if (result.passed + result.failed === 0) {
        output += '\nThis file ran no test.\n';
        result.failed = 1;
      }
      done({ suite, name, output, seconds: (Date.now() - started) / 1000, ...result });
    });
  });
}

function print({ name, output, seconds, passed, failed }) {
  if (failed > 0) console.log(output.trimEnd());
  const verdict = failed > 0 ? 'FAIL' : 'ok  ';
  console.log(`${verdict} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`);
}

// Browsers that encode and decode video fill two cores by themselves; on less they come too late for
// what server and page expect of each other. So of these files only half as many run at a time.
const kWithBrowsers = ['tests/browser/', 'tests/client/', 'tests/cluster/browser.test.mjs'];
// The documents' own heartbeat leaves a client 200 ms: no time to share a core with a browser.
const kAfterAllOthers = ['conformance'];

async function runAll(jobs) {
  const hasBrowsers = ({ name }) => kWithBrowsers.some((start) => name.startsWith(start));
  const heavy = jobs.filter(hasBrowsers);
  const light = jobs.filter((job) => !hasBrowsers(job));
  const results = [];
  const worker = async (...queues) => {
    for (const queue of queues) {
      while (queue.length > 0) {
        const result = await run(queue.shift());
        print(result);
        results.push(result);
      }
    }
  };
  const cores = cpus().length;
  const withBrowsers = Math.max(1, Math.floor(cores / 2));
  await Promise.all(Array.from({ length: cores }, (_, index) =>
    index < withBrowsers ? worker(heavy, light) : worker(light)));
  return results;
}

function sanitizerFailures() {
  const files = existsSync(reports) ? readdirSync(reports) : [];
  for (const file of files) {
    console.log(`FAIL ${join(reports, file)}\n${readFileSync(join(reports, file), 'utf8')}`);
  }
  return files.length;
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const selected = Object.values(suites).flat().filter(
  ({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
const empty = Object.keys(suites).filter(
  (suite) => filters.length === 0 && suites[suite].length === 0);
for (const suite of empty) console.log(`FAIL ${suite}: the suite has no test`);
if (selected.length === 0) console.log('FAIL no test file matches');

const isLast = ({ suite }) => kAfterAllOthers.includes(suite);
const results = [
  ...await runAll(selected.filter((job) => !isLast(job))),
  ...await runAll(selected.filter(isLast)),
];
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0) + empty.length +
    sanitizerFailures() + (selected.length === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
