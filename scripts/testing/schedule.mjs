// Decides which test files run at the same time.
import { cpus } from 'node:os';

// How many cores a file keeps busy. Two files with browsers would starve each other on two cores:
// their pages encode and decode video. Attackers send as much as they can. Two programs that are
// compiled at once would take longer than a file may. Most other files wait more than they compute.
const kCores = [
  {
    cores: 1.5,
    starts: [
      'tests/browser/',
      'tests/client/',
      'tests/clients/rust.test.mjs',
      'tests/cluster/browser.test.mjs',
      'tests/deploy/helm.test.mjs',
      'tests/hostile/',
    ],
  },
  {
    cores: 1,
    starts: ['tests/clients/', 'tests/cluster/', 'src/', 'scripts/'],
  },
  { cores: 0.5, starts: [''] },
];

// Files about time run alone, after the others. So do the conformance suites, two at a time: their
// heartbeat leaves a client 200 ms.
const kPhases = [
  { name: 'alone', isOf: (job) => isAboutTime(job), atOnce: 1 },
  { name: 'conformance', isOf: ({ suite }) => suite === 'conformance', atOnce: cpus().length },
];

/** Whether the file asserts what happens when some time is over, and so cannot bear a stall. */
export const isAboutTime = ({ name }) => name.endsWith('.timing.test.mjs');

const coresOf = ({ name }) =>
  kCores.find(({ starts }) => starts.some((start) => name.startsWith(start))).cores;

/** Runs the jobs while `cores` are free for them, the first ones first. */
async function runTogether(jobs, run, coresFor, cores) {
  const waiting = [...jobs];
  const running = new Set();
  let free = cores;
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex((job) => coresFor(job) <= free || running.size === 0);
    if (next < 0) {
      await Promise.race(running);
      continue;
    }
    const [job] = waiting.splice(next, 1);
    free -= coresFor(job);
    const done = run(job).finally(() => {
      free += coresFor(job);
      running.delete(done);
    });
    running.add(done);
  }
}

/** Runs each job once by `run`, which resolves when it has ended. */
export async function runAll(jobs, run) {
  const phaseOf = (job) => kPhases.find(({ isOf }) => isOf(job));
  await runTogether(
    jobs.filter((job) => !phaseOf(job)),
    run,
    coresOf,
    cpus().length,
  );
  for (const phase of kPhases) {
    const these = jobs.filter((job) => phaseOf(job) === phase);
    await runTogether(these, run, () => 1, phase.atOnce);
  }
}
