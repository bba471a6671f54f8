// Where the server listens.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { HttpConnection } from '../support/http.mjs';
import { within } from '../support/patience.mjs';
import { Program } from '../support/program.mjs';
import { password, secret, serve } from '../support/server.mjs';

const hasIpv6 = (networkInterfaces().lo ?? []).some(({ address }) => address === '::1');
const secrets = { APP_SECRET: secret, APP_PASS: password };

/** A server with these flags and no other, and its port. */
async function start(t, ...flags) {
  const program = new Program('heliograph', ['--port', '0', ...flags], {
    env: { ...secrets, WORKERS: 2, LOG_FORMAT: 'json' },
  });
  t.after(() => program.running && program.stop());
  const line = await program.line((text) => text.includes('"listening"') && text, 'its port');
  return { program, port: JSON.parse(line).port };
}

async function healthAt(port, host) {
  const connection = await HttpConnection.open(port, host);
  connection.send({ path: '/healthz', headers: { Connection: 'close' } });
  const { status } = await connection.response();
  return status;
}

async function assertRefused(port, host) {
  const socket = net.connect({ port, host });
  const [error] = await within(once(socket, 'error'), 'no connection');
  assert.equal(error.code, 'ECONNREFUSED');
}

describe('--dev', () => {
  it('listens on the loopback of both families, on one port, and on nothing else', async (t) => {
    const { program, port } = await start(t, '--dev');
    assert.equal(await healthAt(port, '127.0.0.1'), 200);
    if (hasIpv6) assert.equal(await healthAt(port, '::1'), 200);
    await assertRefused(port, '127.0.0.2');
    await program.line((text) => text.includes('--host ::'), 'how others reach it');
  });

  it('listens where --host says', async (t) => {
    const { program, port } = await start(t, '--dev', '--host', '127.0.0.2');
    assert.equal(await healthAt(port, '127.0.0.2'), 200);
    await assertRefused(port, '127.0.0.1');
    await program.line((text) => text.includes(`http://127.0.0.2:${port}/demo`), 'the address');
    assert.ok(!program.output.includes('--host ::'));
  });
});

describe('without --host', () => {
  it('the server listens on every address of both families', async (t) => {
    const { port } = await start(t);
    assert.equal(await healthAt(port, '127.0.0.1'), 200);
    assert.equal(await healthAt(port, '127.0.0.2'), 200);
    if (hasIpv6) assert.equal(await healthAt(port, '::1'), 200);
  });

  it('the server refuses a port that is taken in one family', async (t) => {
    const taken = await serve(t);
    const program = new Program('heliograph', ['--port', String(taken.port)], { env: secrets });
    const { code } = await program.exit();
    assert.notEqual(code, 0);
    assert.match(program.output, new RegExp(`port ${taken.port}`));
  });
});
