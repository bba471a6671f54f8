// docs/configuration.md, "Command line" and the subcommands: what the program does beside serving.
import { after, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { run } from '../support/program.mjs';
import { Peer } from '../support/peer.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { serve, useServer } from '../support/server.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-commands-'));
after(() => rmSync(folder, { recursive: true }));

const nothing = path.join(folder, 'nothing');
writeFileSync(nothing, '');
/** Without the settings that this machine may have. */
const heliograph = (...flags) => {
  const usual = flags.includes('--environment-file') ? [] : ['--environment-file', nothing];
  return run('heliograph', [...flags, ...usual], { env: {} });
};

describe('heliograph setup', () => {
  const file = path.join(folder, 'environment');

  it('writes secrets with which the server starts, and two clients meet by its tokens', async (t) => {
    const setUp = await heliograph('setup', '--environment-file', file);
    assert.equal(setUp.code, 0, setUp.output);
    const server = await serve(t, {
      env: { APP_SECRET: '', APP_PASS: '' },
      args: ['--environment-file', file],
    });
    const made = await heliograph('token', '--app', 'tests', '--environment-file', file);
    assert.equal(made.code, 0, made.output);
    const token = made.output.trim();
    const peers = [await Peer.connect(server, { token }), await Peer.connect(server, { token })];
    for (const peer of peers) await peer.authenticate();
    const room = await meeting(...peers);
    await relay(...peers, room);
    peers.forEach((peer) => peer.disconnect());
  });

  it('leaves an existing file, and says so', async () => {
    const before = readFileSync(file, 'utf8');
    const { code, output } = await heliograph('setup', '--environment-file', file);
    assert.equal(code, 0);
    assert.match(output, /nothing was changed/);
    assert.equal(readFileSync(file, 'utf8'), before);
  });
});

describe('heliograph --health', () => {
  const server = useServer({ env: { BASE_PATH: '/rtc' } });

  it('is 0 if the configured server is healthy', async () => {
    const flags = ['--port', String(server.port), '--base-path', '/rtc'];
    assert.equal((await heliograph('--health', ...flags)).code, 0);
  });

  it('is 0 if the server at the URL is', async () => {
    const url = `http://127.0.0.1:${server.port}`;
    assert.equal((await heliograph('--health', `${url}/rtc/healthz`)).code, 0);
    assert.equal((await heliograph('--health', url)).code, 0);
  });

  it('is 1 if nothing listens there, and says where it asked', async () => {
    const { code, output } = await heliograph('--health', 'http://127.0.0.1:1/');
    assert.equal(code, 1);
    assert.match(output, /http:\/\/127\.0\.0\.1:1\/.*refused/);
  });

  it('is 1 if the answer is not 200', async () => {
    const { code, output } = await heliograph('--health', `http://127.0.0.1:${server.port}/none`);
    assert.equal(code, 1);
    assert.match(output, /answers 404/);
  });

  it('is 1 if there is no answer in time', async () => {
    const silent = http.createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { code } = await heliograph('--health', `http://127.0.0.1:${silent.address().port}`);
    silent.closeAllConnections();
    silent.close();
    assert.equal(code, 1);
  });

  it('asks again while nothing answers, if it is to wait', async () => {
    let asked = 0;
    const listener = net.createServer((socket) => {
      socket.on('error', () => {});
      asked += 1;
      if (asked < 3) return socket.destroy();
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    });
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${listener.address().port}`;
    const { code, output } = await heliograph('--health', url, '--wait', '30');
    listener.close();
    assert.equal(code, 0, output);
    assert.equal(asked, 3);
  });

  it('works through a port that demands the PROXY protocol, whomever that trusts', async (t) => {
    const env = { PROXY_PROTOCOL: 'on', TRUSTED_PROXIES: '192.0.2.1' };
    const proxied = await serve(t, { env });
    const flags = ['--port', String(proxied.port), '--proxy-protocol', 'on'];
    const { code, output } = await heliograph(
      '--health',
      ...flags,
      '--trusted-proxies',
      '192.0.2.1',
    );
    assert.equal(code, 0, output);
  });
});
