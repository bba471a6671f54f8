// docs/configuration.md: flags win over the environment, which wins over the file; and
// `--check-config`.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PollingSession } from '../support/engineio.mjs';
import { run } from '../support/program.mjs';
import { password, secret, startServer } from '../support/server.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-config-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
let number = 0;

function configFile(...lines) {
  const file = path.join(folder, `config-${(number += 1)}.toml`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function handshake(options) {
  const server = await startServer(options);
  try {
    return (await PollingSession.open(server.port)).handshake;
  } finally {
    await server.stop();
  }
}

describe('the source of a setting', () => {
  const file = configFile('ping-interval = 11000', 'ping-timeout = 12000', 'max-payload = 330000');

  it('the defaults are those of Socket.IO', async () => {
    const { sid, ...rest } = await handshake();
    assert.ok(sid);
    assert.deepEqual(rest, {
      upgrades: ['websocket'],
      pingInterval: 25_000,
      pingTimeout: 20_000,
      maxPayload: 1_000_000,
    });
  });

  it('the file counts if nothing else does', async () => {
    const { pingInterval, pingTimeout, maxPayload } = await handshake({ args: ['--config', file] });
    assert.deepEqual([pingInterval, pingTimeout, maxPayload], [11_000, 12_000, 330_000]);
  });

  it('the environment counts before the file, a flag before both', async () => {
    const { pingInterval, pingTimeout, maxPayload } = await handshake({
      env: { PING_TIMEOUT: 22_000, MAX_PAYLOAD: 430_000 },
      args: ['--config', file, '--max-payload', '330000'],
    });
    assert.deepEqual([pingInterval, pingTimeout, maxPayload], [11_000, 22_000, 330_000]);
  });

  it('a flag is written with a blank or with "="', async () => {
    assert.equal((await handshake({ args: ['--ping-interval', '9000'] })).pingInterval, 9000);
    assert.equal((await handshake({ args: ['--ping-interval=9000'] })).pingInterval, 9000);
  });

  it('secrets can come from the file', async () => {
    const secrets = configFile(`app-secret = "${secret}"`, `app-pass = "${password}"`);
    const server = await startServer({
      env: { APP_SECRET: undefined, APP_PASS: undefined },
      args: ['--config', secrets],
    });
    try {
      await server.peer();
    } finally {
      await server.stop();
    }
  });
});

describe('--check-config', () => {
  const secrets = { APP_SECRET: secret, APP_PASS: password };

  function check({ lines, env = {}, args = [] }) {
    const fileArguments = lines ? ['--config', configFile(...lines)] : [];
    return run('heliograph', ['--check-config', ...fileArguments, ...args], {
      env: { ...secrets, ...env },
    });
  }

  it('is content with a good configuration, and does not start the server', async () => {
    const { code } = await check({ lines: ['ping-interval = 11000'] });
    assert.equal(code, 0);
  });

  it('names the error in the file, and the file', async () => {
    const { code, output } = await check({ lines: ['workers = 2', 'ping-interval = "often"'] });
    assert.notEqual(code, 0);
    assert.match(output, /ping-interval/i);
    assert.match(output, /config-\d+\.toml/);
  });

  it('names the error in the environment', async () => {
    const { code, output } = await check({ env: { PING_INTERVAL: 'often' } });
    assert.notEqual(code, 0);
    assert.match(output, /PING_INTERVAL/);
  });

  it('names the error among the flags', async () => {
    const { code, output } = await check({ args: ['--ping-interval=often'] });
    assert.notEqual(code, 0);
    assert.match(output, /--ping-interval/);
  });

  it('says which setting of the file it does not know', async () => {
    const { code, output } = await check({ lines: ['ping-intervall = 5'] });
    assert.notEqual(code, 0);
    assert.match(output, /ping-intervall/);
    assert.match(output, /config-\d+\.toml/);
  });

  it('says that the file is not there', async () => {
    const { code, output } = await check({ args: ['--config', path.join(folder, 'missing.toml')] });
    assert.notEqual(code, 0);
    assert.match(output, /missing\.toml/);
  });

  it('says that a secret is missing', async () => {
    const { code, output } = await check({ env: { APP_SECRET: undefined } });
    assert.notEqual(code, 0);
    assert.match(output, /APP_SECRET/);
  });

  it('never says a secret', async () => {
    const { output } = await check({ env: { PING_INTERVAL: 'often' } });
    assert.ok(!output.includes(secret) && !output.includes(password));
  });
});
