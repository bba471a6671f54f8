// The test files of each suite, how each is run, and how its output is counted.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const sumOf = (text, pattern) =>
  [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);

function countGoogleTest(output, exitCode) {
  const passed = [...output.matchAll(/^\[ {7}OK \] /gm)].length;
  const failed = [...output.matchAll(/^\[ {2}FAILED {2}\] .* \(\d+ ms\)$/gm)].length;
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

function unitTests(tree) {
  const folders = new Set(filesUnder('src', '_test.cpp').map((path) => dirname(path)));
  return [...folders].map((folder) => ({
    suite: 'unit',
    name: folder,
    command: [join(tree, `${basename(folder)}_test`), '--gtest_color=no'],
    count: countGoogleTest,
  }));
}

// On SIGUSR2, which a file gets that runs for too long. The Node of Debian 12 has not all of them.
const reportWhatHangs = [
  '--report-on-signal',
  '--report-exclude-network',
  '--report-filename=stderr',
].filter((option) => process.allowedNodeEnvironmentFlags.has(option.split('=')[0]));

function nodeTests(suite) {
  return filesUnder(join('tests', suite), '.test.mjs').map((file) => ({
    suite,
    name: file,
    command: [process.execPath, ...reportWhatHangs, '--test-reporter=spec', file],
    count: countNodeTest,
  }));
}

function checks() {
  const commands = [
    ['scripts/check_layers'],
    ['scripts/check_layers_test.sh'],
    ['scripts/long_code_test.sh'],
    ['scripts/dev_test.sh'],
    ['scripts/setup_test.sh'],
    ['scripts/requirements_test.sh'],
    ['scripts/check_headers'],
    ['scripts/format', '--check'],
  ];
  return commands.map((command) => ({
    suite: 'checks',
    name: command.join(' '),
    command,
    count: countScript,
  }));
}

/** The jobs of each suite, `{suite, name, command, count}`, for the binaries in `tree`. */
export function allSuites(tree) {
  return {
    browser: nodeTests('browser'),
    client: nodeTests('client'),
    clients: nodeTests('clients'),
    cluster: nodeTests('cluster'),
    hostile: nodeTests('hostile'),
    e2e: nodeTests('e2e'),
    deploy: nodeTests('deploy'),
    conformance: nodeTests('conformance'),
    docs: nodeTests('docs'),
    bench: nodeTests('bench'),
    unit: unitTests(tree),
    checks: checks(),
  };
}
