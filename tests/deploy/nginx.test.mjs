// deploy/nginx: these very files, but for ports and folders, under Debian's nginx.
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { request } from '../support/http.mjs';
import { Nginx, useNginx } from '../support/nginx.mjs';
import { eventually, within } from '../support/patience.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { password, serve, startServer, useServer } from '../support/server.mjs';
import { setting } from '../support/settings.mjs';

const maxPayload = Number(setting('MAX_PAYLOAD'));

/** Options of `Server.connect` for the way through nginx. */
const through = (nginx, options = {}) => ({ url: nginx.url, ...nginx.trust, ...options });

function upgraded({ socket }) {
  const { engine } = socket.io;
  if (engine.transport.name === 'websocket') return Promise.resolve();
  return within(once(engine, 'upgrade'), 'the upgrade');
}

describe('socket.io-client through nginx', () => {
  const server = useServer({ env: { MAX_EVENT_BYTES: 900_000 } });
  const nginx = useNginx([server]);

  for (const [how, transports, last] of [
    ['by polling alone', ['polling'], 'polling'],
    ['by WebSocket alone', ['websocket'], 'websocket'],
    ['with an upgrade', null, 'websocket'],
  ]) {
    describe(how, () => {
      it('meets another', async () => {
        const [owner, guest] = await server.peers(2, through(nginx, { transports }));
        if (last === 'websocket') await Promise.all([owner, guest].map(upgraded));
        const room = await meeting(owner, guest);
        for (let i = 0; i < 20; i += 1) await relay(owner, guest, room);
        for (const { socket } of [owner, guest]) {
          assert.equal(socket.io.engine.transport.name, last);
        }
      });

      it('carries an event of 700 kB', async () => {
        const [owner, guest] = await server.peers(2, through(nginx, { transports }));
        const room = await meeting(owner, guest);
        const data = 'ü'.repeat(350_000);
        assert.equal((await owner.ask('relay-message', { room, data })).ok, true);
        assert.equal((await guest.next('message')).data, data);
      });
    });
  }
});

describe('a client’s address through nginx', () => {
  const server = useServer({ env: { TRUSTED_PROXIES: '127.0.0.1,::1' } });
  const nginx = useNginx([server]);

  it('is the one that limits count, whatever address the client claims', async () => {
    const options = {
      localAddress: '127.0.0.9',
      extraHeaders: { 'X-Forwarded-For': '203.0.113.7' },
    };
    const peer = await server.peer(through(nginx, options));
    const line = () =>
      server
        .logs()
        .split('\n')
        .find((text) => text.includes('"connected"'));
    const text = await eventually(line, 'log line "connected"');
    assert.equal(JSON.parse(text).address, '127.0.0.9');
    peer.disconnect();
  });
});

describe('the HTTP API through nginx', () => {
  const server = useServer();
  const nginx = useNginx([server]);
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  it('hands out an app token', async () => {
    const body = new URLSearchParams({ app: 'tests', password }).toString();
    const answer = await nginx.request({ method: 'POST', path: '/app', headers: form, body });
    assert.equal(answer.status, 200);
    assert.ok(JSON.parse(answer.body).response.token);
  });

  it('serves the client, compressed by the server', async () => {
    const headers = { 'Accept-Encoding': 'gzip' };
    const answer = await nginx.request({ path: '/socket.io/socket.io.min.js', headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-encoding'], 'gzip');
  });

  it('takes a body as large as the server does, and leaves it to the server to refuse a larger one', async () => {
    const engine = '/socket.io/?EIO=4&transport=polling';
    const token = await server.appToken();
    const post = async (length) => {
      const { sid } = JSON.parse((await nginx.request({ path: engine })).body.slice(1));
      const ask = (body) => nginx.request({ method: 'POST', path: `${engine}&sid=${sid}`, body });
      assert.equal((await ask(`40{"token":"${token}"}`)).status, 200);
      return ask(Buffer.alloc(length, 'x'));
    };
    assert.equal((await post(maxPayload)).status, 400, 'it is read, and no packet');
    assert.equal((await post(maxPayload + 1)).status, 413);
  });

  it('is for TLS: clients without it are sent there', async () => {
    const answer = await request(nginx.plainPort, {
      path: '/demo?room=x',
      headers: { Host: 'signal.example.org' },
    });
    assert.equal(answer.status, 308);
    assert.equal(answer.headers.location, 'https://signal.example.org/demo?room=x');
  });

  it('has browsers come by TLS from then on, and says so over TLS only', async () => {
    for (const path of ['/socket.io/?EIO=4&transport=polling', '/nowhere']) {
      const { headers } = await nginx.request({ path });
      assert.match(headers['strict-transport-security'], /^max-age=\d{8,}$/, path);
    }
    const plain = await request(nginx.plainPort, { path: '/' });
    assert.equal(plain.headers['strict-transport-security'], undefined);
  });

  it('leaves session ids out of the access log', async () => {
    const handshake = await nginx.request({ path: '/socket.io/?EIO=4&transport=polling' });
    const { sid } = JSON.parse(handshake.body.slice(1));
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    assert.equal(
      (await nginx.request({ method: 'POST', path, body: '40{"token":"wrong"}' })).status,
      200,
    );
    const isLogged = () =>
      nginx.accesses().some((line) => line.includes('"POST /socket.io/ HTTP/1.1" 200'));
    await eventually(isLogged, 'a line about the POST');
    assert.ok(!nginx.accesses().join('\n').includes(sid));
  });
});

describe('the information that nginx passes to the server', () => {
  // In place of the server, one that says what it was told.
  const upstream = http.createServer((request, response) => {
    response.end(JSON.stringify({ headers: request.headers, port: request.socket.remotePort }));
  });
  const fixture = {};
  before(async () => {
    upstream.keepAliveTimeout = Number(setting('KEEP_ALIVE_TIMEOUT'));
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    fixture.nginx = await new Nginx().start(upstream.address().port);
  });
  after(async () => {
    await fixture.nginx?.stop();
    upstream.close();
  });
  const told = async (headers) => JSON.parse((await fixture.nginx.request({ headers })).body);

  it('is the client’s address as nginx sees it, whatever the client says', async () => {
    const { headers } = await told({
      Host: 'signal.example.org',
      Forwarded: 'for=192.0.2.1',
      'X-Forwarded-For': '192.0.2.1',
      'X-Forwarded-Host': 'elsewhere.example',
      'X-Forwarded-Proto': 'http',
    });
    assert.equal(headers.host, 'signal.example.org');
    assert.equal(headers.forwarded, undefined);
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(headers['x-forwarded-host'], 'signal.example.org');
    assert.equal(headers['x-forwarded-proto'], 'https');
  });

  it('is the port that the client came to, which is part of its pages’ origin', async () => {
    const { headers } = await told({ Host: 'signal.example.org:8443' });
    assert.equal(headers.host, 'signal.example.org:8443');
    assert.equal(headers['x-forwarded-host'], 'signal.example.org:8443');
  });

  it('is no change to a protocol other than WebSocket', async () => {
    const upgrade = {
      Connection: 'Upgrade, HTTP2-Settings',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAMAAABk',
    };
    const { headers } = await told(upgrade);
    assert.equal(headers.upgrade, undefined);
    assert.notEqual(headers.connection, 'upgrade');
  });

  it('comes over connections that are used again', async () => {
    const ports = new Set();
    // Each of nginx's workers keeps its own, so what repeats is some port, not all.
    const count = 100;
    for (let i = 0; i < count; i += 1) ports.add((await told({})).port);
    assert.ok(ports.size < count, `${ports.size} connections for ${count} requests`);
  });
});

describe('a server behind nginx that lets only some origins in', () => {
  const server = useServer({ env: { ALLOWED_ORIGINS: 'https://other.example' } });
  const nginx = useNginx([server]);
  const path = '/socket.io/?EIO=4&transport=polling';
  const statusFor = async (Origin) => (await nginx.request({ path, headers: { Origin } })).status;

  it('knows its own pages', async () => {
    assert.equal(await statusFor(nginx.url), 200);
    assert.equal(await statusFor('https://other.example'), 200);
    assert.equal(await statusFor('https://127.0.0.1'), 403, 'another port');
  });
});

describe('a server that is restarted behind nginx', () => {
  it('is found again by its clients, however they come', async (t) => {
    const first = await serve(t);
    const nginx = await new Nginx().start(first.port);
    t.after(() => nginx.stop());
    const options = through(nginx, {
      reconnection: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
    });
    const ways = [['polling'], ['websocket']];
    const peers = await Promise.all(
      ways.map((transports) => first.peer({ ...options, transports })),
    );
    t.after(() => peers.forEach((peer) => peer.disconnect()));

    const goodbyes = peers.map((peer) => within(peer.disconnected, 'disconnect'));
    first.program.signal('SIGTERM');
    await Promise.all(goodbyes);
    await first.program.exit();
    assert.equal((await nginx.request({ path: '/' })).status, 502);

    const returns = peers.map(({ socket }) => within(once(socket, 'connect'), 'connect again'));
    const second = await startServer({ port: first.port });
    t.after(() => second.stop());
    await Promise.all(returns);
    for (const peer of peers) {
      peer.sessionToken = null;
      await peer.authenticate();
    }
    const room = await meeting(...peers);
    await relay(...peers, room);
  });
});

describe('nginx before two nodes', () => {
  const nodes = [useServer(), useServer()];
  const nginx = useNginx(nodes);
  const scattering = useNginx(nodes, { change: (text) => text.replace(/^ *hash .*;\n/m, '') });
  const addresses = Array.from({ length: 32 }, (_, index) => `127.0.0.${index + 1}`);

  /**
   * A real client that polls from this address of the loopback, each request on a connection of its
   * own.
   */
  function poller(by, localAddress, options = {}) {
    const agent = new https.Agent({ localAddress, ...by.trust });
    return nodes[0].peer(through(by, { transports: ['polling'], agent, ...options }));
  }

  const nodeOf = (line) => /node=127\.0\.0\.1:(\d+)/.exec(line)?.[1];

  it('sends all that a client asks to one of them, and clients to both', async () => {
    for (const address of addresses) {
      const peer = await poller(nginx, address);
      for (let i = 0; i < 3; i += 1) await peer.askRaw('no-such-event');
    }
    const used = addresses.map((address) => {
      const lines = nginx.accesses().filter((line) => line.startsWith(`${address} `));
      assert.ok(lines.length >= 4, `requests of ${address}`);
      const nodesOfOne = new Set(lines.map(nodeOf));
      assert.equal(nodesOfOne.size, 1, `${address} at ${[...nodesOfOne]}`);
      return [...nodesOfOne][0];
    });
    const expected = nodes.map(({ port }) => String(port)).sort();
    assert.deepEqual([...new Set(used)].sort(), expected);
  });

  it('lets a client upgrade', async () => {
    for (const localAddress of addresses.slice(0, 8)) {
      const agent = new https.Agent({ localAddress, ...nginx.trust });
      const peer = await nodes[0].peer(through(nginx, { transports: null, agent }));
      await upgraded(peer);
      await peer.settle();
    }
  });

  it('could not hold a polling session without being told where to send it', async () => {
    const open = '/socket.io/?EIO=4&transport=polling';
    const handshake = await scattering.request({ path: open });
    const { sid } = JSON.parse(handshake.body.slice(1));
    const statuses = new Set();
    const post = async () => {
      const { status } = await scattering.request({
        method: 'POST',
        path: `${open}&sid=${sid}`,
        body: '3',
      });
      statuses.add(status);
      return statuses.has(400);
    };
    await eventually(post, 'a request at the node that does not know the session');
  });
});

describe('one of two nodes that goes', () => {
  it('leaves its clients to the other', async (t) => {
    const nodes = [await startServer(), await startServer()];
    for (const node of nodes) t.after(() => node.program.running && node.stop());
    const nginx = await new Nginx().start(...nodes.map(({ port }) => port));
    t.after(() => nginx.stop());
    const options = {
      reconnection: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      transports: ['polling'],
    };
    const peer = await nodes[0].peer(through(nginx, options));
    t.after(() => peer.disconnect());
    await eventually(() => nginx.accesses().length > 0, 'a line about the handshake');
    const [, port] = /node=127\.0\.0\.1:(\d+)/.exec(nginx.accesses()[0]);
    const home = nodes.find((node) => String(node.port) === port);
    // Not `once` of Node, which takes the manager's "error" for its own.
    const returned = new Promise((resolve) => peer.socket.io.once('reconnect', resolve));
    home.program.signal('SIGTERM');
    await within(returned, 'the way to the other node');
    await home.program.exit();
    peer.sessionToken = null;
    await peer.authenticate();
  });
});

describe('the times in heliograph.conf', () => {
  const text = readFileSync(new URL('../../deploy/nginx/heliograph.conf', import.meta.url), 'utf8');
  const seconds = (name) => Number(new RegExp(`^ *${name} (\\d+)s;`, 'm').exec(text)[1]);

  it('leave it to the server to end a client', () => {
    const silence = (Number(setting('PING_INTERVAL')) + Number(setting('PING_TIMEOUT'))) / 1000;
    assert.ok(silence > 0);
    assert.ok(seconds('proxy_read_timeout') > silence);
    assert.ok(seconds('proxy_send_timeout') > silence);
  });

  it('have nginx close an idle connection before the server does', () => {
    assert.ok(seconds('keepalive_timeout') < Number(setting('KEEP_ALIVE_TIMEOUT')) / 1000);
  });

  it('go with a body as large as the server takes', () => {
    const [, megabytes] = /client_max_body_size (\d+)m;/.exec(text);
    assert.ok(Number(megabytes) * 1024 * 1024 > maxPayload);
  });
});
