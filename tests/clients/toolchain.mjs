// Installs the clients of other languages, if their languages are on this machine.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const kPatience = 7 * 60_000; // in milliseconds; scripts/testing/job.mjs gives a file ten minutes
const unreachable = new RegExp(
  [
    'could not resolve',
    'name resolution',
    'unknown host',
    'no such host',
    'name or service not known',
    'network is unreachable',
    'connection refused',
    'failed to establish a new connection',
    'could not transfer artifact',
    'failed to connect',
    'dial tcp',
    'timed? ?out',
  ].join('|'),
  'i',
);

function run([program, ...args], options = {}) {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return { isOk: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

/** Whether a version such as "1.100" is at least another such as "1.85". */
function isAtLeast(version, least) {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number));
  return have[0] !== want[0] ? have[0] > want[0] : have[1] >= want[1];
}

/** The version that a tool prints, or null if it is missing or too old. */
function versionOf({ command, least }) {
  const { isOk, output } = run(command);
  const [version] = /\d+\.\d+/.exec(output) ?? [];
  return isOk && version && isAtLeast(version, least) ? output : null;
}

function digest(folder, versions) {
  const hash = createHash('sha256').update(versions.join('\n'));
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (file.isFile()) hash.update(file.name).update(readFileSync(join(file.path, file.name)));
  return hash.digest('hex');
}

/** Registers the one test of a file that is skipped: that its reason is true. */
function skip(reason, check) {
  console.log(`skipped: ${reason}`);
  it(`is skipped: ${reason}`, check);
}

/**
 * Makes the client in `tests/clients/LANGUAGE` ready in `build/clients/LANGUAGE`, unless it is, and
 * returns whether it is. If it cannot be had here, a test that says why is registered instead.
 * Fails if it can be had and does not build.
 *
 * `tools`: what it needs, `{name, command, least}`: the command prints a version, at least `least`.
 * `download(source, target)`, `build(source, target)`: commands to run in `source`.
 */
export function install({ language, ...how }) {
  const source = join(root, 'tests/clients', language);
  const target = join(root, 'build/clients', language);
  return installFrom({ name: language, source, target, ...how });
}

/**
 * The same for the program `name` in any folder, `source`, which gets ready in `target`. With
 * `mayFail`, it is also skipped if it does not build, or not in the time that a test file has.
 */
export function installFrom({ name, source, target, tools, download, build, mayFail = false }) {
  const versions = tools.map(versionOf);
  const missing = tools.find((_, index) => versions[index] === null);
  if (missing) {
    skip(`${name}: no ${missing.name} on this machine`, () =>
      assert.equal(versionOf(missing), null));
    return false;
  }
  const stamp = join(target, '.installed-from');
  const wanted = digest(source, versions);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  rmSync(stamp, { force: true });
  mkdirSync(target, { recursive: true });
  for (const command of download(source, target)) {
    const { isOk, output } = run(command, { cwd: source });
    if (isOk) continue;
    skip(`${name}: its packages cannot be downloaded here`, () =>
      assert.match(output, unreachable));
    return false;
  }
  const timeout = mayFail ? kPatience : undefined;
  for (const command of build(source, target)) {
    const { isOk, output } = run(command, { cwd: source, timeout });
    if (isOk) continue;
    assert.ok(mayFail, `${command.join(' ')}\n${output}`);
    console.log(output);
    skip(`${name}: it does not build here`, () => assert.ok(!existsSync(stamp)));
    return false;
  }
  writeFileSync(stamp, wanted);
  return true;
}

export { root };
