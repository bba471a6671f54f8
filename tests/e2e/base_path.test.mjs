// BASE_PATH: for a proxy that passes on a prefix as it is.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { meeting, relay } from '../support/rooms.mjs';
import { password, secret, serve, useServer } from '../support/server.mjs';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const app = {
  method: 'POST',
  headers: form,
  body: new URLSearchParams({ app: 'tests', password }).toString(),
};

describe('BASE_PATH', () => {
  const server = useServer({ env: { BASE_PATH: '/a/rtc', DEMO: 'on' } });

  async function token() {
    const answer = await server.request({ path: '/a/rtc/app', ...app });
    assert.equal(answer.status, 200);
    return JSON.parse(answer.body).response.token;
  }

  it('begins the paths of clients, over both transports', async () => {
    for (const transports of [['websocket'], ['polling'], null]) {
      const options = { path: '/a/rtc/socket.io/', transports, token: await token() };
      const [owner, guest] = [await server.peer(options), await server.peer(options)];
      await relay(owner, guest, await meeting(owner, guest));
    }
  });

  it('begins the paths of the demo, its files and the browser client', async () => {
    const page = await server.request({ path: '/a/rtc/demo' });
    assert.equal(page.status, 200);
    const links = [...page.body.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, link]) => link);
    assert.ok(links.length > 3);
    for (const link of [...links, 'demo/config.json', 'socket.io/socket.io.js']) {
      const { pathname } = new URL(link, `${server.url}/a/rtc/demo`);
      assert.ok(pathname.startsWith('/a/rtc/'), pathname);
      assert.equal((await server.request({ path: pathname })).status, 200, pathname);
    }
  });

  it('is in the way to the demo from its address with a slash', async () => {
    const answer = await server.request({ path: '/a/rtc/demo/' });
    assert.equal(answer.status, 308);
    const to = new URL(answer.headers.location, `${server.url}/a/rtc/demo/`);
    assert.equal(to.pathname, '/a/rtc/demo');
  });

  it('begins all other paths, too', async () => {
    assert.equal((await server.request({ path: '/a/rtc' })).status, 401);
    assert.equal((await server.request({ path: '/a/rtc/' })).status, 401);
    assert.equal((await server.request({ path: '/a/rtc/ice-servers' })).status, 401);
    assert.equal((await server.request({ path: '/a/rtc/nowhere' })).status, 404);
  });

  it('leaves nothing without it but /healthz and /readyz', async () => {
    const handshake = '/socket.io/?EIO=4&transport=polling';
    for (const path of [
      '/',
      '/demo',
      '/ice-servers',
      '/socket.io/socket.io.js',
      handshake,
      '/a/rtcs/demo',
      '/a',
    ]) {
      const answer = await server.request({ path });
      assert.equal(answer.body, '{"status":404,"error":"Not Found","response":false}', path);
      assert.equal(answer.status, 404);
    }
    assert.equal((await server.request({ path: '/app', ...app })).status, 404);
    for (const path of ['/healthz', '/readyz', '/a/rtc/healthz', '/a/rtc/readyz']) {
      for (const method of ['GET', 'HEAD']) {
        assert.equal((await server.request({ path, method })).status, 200);
      }
    }
  });

  it('is in the address that --dev prints', async (t) => {
    const env = { BASE_PATH: '/rtc', APP_SECRET: secret, APP_PASS: password };
    const dev = await serve(t, { dev: true, env });
    const page = await dev.program.line(
      (line) => /(http:\/\/\S+\/demo)\b/.exec(line)?.[1],
      'the address of the demo',
    );
    assert.equal(new URL(page).pathname, '/rtc/demo');
    assert.equal((await dev.request({ path: '/rtc/demo' })).status, 200);
  });
});
