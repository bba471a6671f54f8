// deploy/systemd: what systemd itself says of the unit, without running it.
import { after, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildFolder, run } from '../support/program.mjs';
import { setting, settingNames } from '../support/settings.mjs';

const read = (file) =>
  readFileSync(new URL(`../../deploy/systemd/${file}`, import.meta.url), 'utf8');
const unit = read('heliograph.service');
// Of ten; what is left is that the server uses the network, which is what it is for.
const mostExposed = 1.5;

describe('deploy/systemd/heliograph.service', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-systemd-'));
  after(() => rmSync(folder, { recursive: true }));

  function analyze(text, verb, ...flags) {
    const file = path.join(folder, 'heliograph.service');
    writeFileSync(file, text);
    return run('/usr/bin/systemd-analyze', [verb, ...flags, file]);
  }

  // systemd looks whether the program is there.
  const installed = (text) =>
    text.replaceAll('/usr/bin/heliograph', path.join(buildFolder, 'heliograph'));
  const verify = (text) => analyze(installed(text), 'verify', '--recursive-errors=no');
  const rate = (text) =>
    analyze(text, 'security', '--offline=true', '--no-pager', `--threshold=${mostExposed * 10}`);

  it('is understood by systemd, every line', async () => {
    const { code, output } = await verify(unit);
    assert.equal(output, '');
    assert.equal(code, 0);
  });

  it('would not be with a mistake in it', async () => {
    const { code, output } = await verify(unit.replace('PrivateTmp=', 'PrivateTemp='));
    assert.match(output, /Unknown key/);
    assert.notEqual(code, 0);
  });

  it(`exposes at most ${mostExposed} of ten`, async () => {
    const { code, output } = await rate(unit);
    assert.equal(code, 0, output);
  });

  it('would expose more if the server could make any system call', async () => {
    assert.notEqual((await rate(unit.replaceAll(/^SystemCallFilter=.*\n/gm, ''))).code, 0);
  });

  it('bounds its memory and has it start again, for the machine is not its own', () => {
    const [, percent] = /^MemoryMax=(\d+)%$/m.exec(unit);
    assert.ok(percent > 0 && percent < 100);
    assert.match(unit, /^Restart=on-failure$/m);
  });

  it('gives the server the time that it takes to stop', () => {
    const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)[1]);
    assert.ok(seconds > Number(setting('SHUTDOWN_TIMEOUT')) / 1000);
  });
});

describe('deploy/systemd/environment', () => {
  const env = Object.fromEntries(
    [...read('environment').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );

  it('is the file that the unit reads', () => {
    assert.match(unit, /^ExecStart=.* --environment-file \/etc\/heliograph\/environment$/m);
    assert.match(read('environment'), /^# \/etc\/heliograph\/environment:/);
  });

  it('sets what the server knows', () => {
    assert.deepEqual(
      Object.keys(env).filter((name) => !settingNames.includes(name)),
      [],
    );
  });

  it('holds no secret: without one, the server names the missing settings', async () => {
    const { code, output } = await run('heliograph', ['--check-config'], { env });
    assert.equal(code, 1);
    for (const name of ['APP_SECRET', 'APP_PASS']) assert.match(output, new RegExp(name));
  });

  it('is all it takes once they are filled in', async (t) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-systemd-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'environment');
    const flags = ['--environment-file', file];
    writeFileSync(file, read('environment'));
    assert.equal((await run('heliograph', ['setup', ...flags])).code, 0);
    const { code, output } = await run('heliograph', ['--check-config', ...flags], { env: {} });
    assert.equal(code, 0, output);
  });
});
