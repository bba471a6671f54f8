// docs/turn.md, "What a peer is told": `ice_servers` in `auth-accept`, and `GET /ice-servers`.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HttpConnection } from '../support/http.mjs';
import { run } from '../support/program.mjs';
import { meeting } from '../support/rooms.mjs';
import { password, secret, startServer, useServer } from '../support/server.mjs';
import { decode, jwt } from '../support/tokens.mjs';
import { wireTo } from '../support/wire.mjs';

const turnUrls = ['turn:turn.example:3478?transport=udp', 'turns:turn.example:443?transport=tcp'];
const turn = { TURN_URLS: turnUrls.join(','), TURN_SECRET: 'north,south', TURN_TTL: 600 };
const stun = [{ urls: 'stun:stun.example.org' }];

function sign(username, key = 'north') {
  return createHmac('sha1', key).update(username).digest('base64');
}

function get(server, authorization, options = {}) {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  return server.request({ path: '/ice-servers', ...options, headers });
}

async function tell(server, token) {
  const { status, body } = await get(server, `Bearer ${token}`);
  assert.equal(status, 200, body);
  return JSON.parse(body).response;
}

/** The user that TURN servers count by. Each peer is a user of its own. */
const turnUser = (peer, app = 'tests') =>
  createHmac('sha256', 'north')
    .update(`${app.length}:${app}${peer.id}`)
    .digest('base64url')
    .slice(0, 16);

/** Asserts a credential for this peer, good for `ttl` seconds from some time between the two. */
function assertCredential({ username, credential }, peer, [earliest, latest], ttl = 600) {
  const [, expiry, user] = /^(\d+):(.*)$/.exec(username);
  assert.equal(user, turnUser(peer));
  assert.ok(Number(expiry) >= earliest + ttl && Number(expiry) <= latest + ttl, username);
  assert.equal(credential, sign(username));
}

const seconds = () => Math.floor(Date.now() / 1000);

describe('ice_servers', () => {
  const server = useServer({ env: { ICE_SERVERS: JSON.stringify(stun), ...turn } });

  it('come with auth-accept and its acknowledgement: as configured, and TURN with a credential', async () => {
    const peer = await server.connect();
    const start = seconds();
    const answer = await peer.askRaw('auth-request', { token: peer.appToken });
    const { token, ice_servers: servers } = await peer.next('auth-accept');
    assert.deepEqual(answer, { ok: true, token, ice_servers: servers });
    const { username, credential } = servers[1];
    assert.deepEqual(servers, [...stun, { urls: turnUrls, username, credential }]);
    assertCredential(servers[1], peer, [start, seconds()]);
  });

  it('are each peer’s own', async () => {
    const [ada, ben] = await server.peers(2);
    const [adas, bens] = await Promise.all(
      [ada, ben].map((peer) => peer.authenticate().then((accepted) => accepted.ice_servers[1])),
    );
    assert.notEqual(adas.username, bens.username);
    assert.notEqual(adas.credential, bens.credential);
  });

  it('come again with every auth-request, and over HTTP in between', async () => {
    const peer = await server.peer();
    const start = seconds();
    const renewed = await peer.authenticate();
    assertCredential(renewed.ice_servers[1], peer, [start, seconds()]);
    const { ice_servers: servers, ttl } = await tell(server, peer.sessionToken);
    assert.deepEqual(servers[0], stun[0]);
    assert.deepEqual(servers[1].urls, turnUrls);
    assertCredential(servers[1], peer, [start, seconds()]);
    assert.equal(ttl, 600);
  });

  it('name no user, and no peer', async () => {
    const peer = await server.peer();
    const { ice_servers: servers } = await tell(server, peer.sessionToken);
    assert.match(servers[1].username, /^\d+:[\w-]{16}$/);
    assert.ok(!JSON.stringify(servers).includes(peer.id));
  });

  it('come from whichever worker is asked', async () => {
    const peers = await server.peers(4);
    // Which worker gets a connection is the kernel's choice: a dozen reach both.
    for (let round = 0; round < 12; round += 1) {
      const http = await HttpConnection.open(server.port);
      for (const { sessionToken } of peers) {
        http.send({ path: '/ice-servers', headers: { Authorization: `Bearer ${sessionToken}` } });
      }
      for (const peer of peers) {
        const { status, body } = await http.response();
        assert.equal(status, 200);
        assertCredential(JSON.parse(body).response.ice_servers[1], peer, [
          seconds() - 60,
          seconds(),
        ]);
      }
      http.destroy();
    }
  });

  it('are not for a peer that has left, whichever worker is asked', async () => {
    const [witness, peer] = await server.peers(2);
    await meeting(witness, peer);
    await tell(server, peer.sessionToken);
    peer.disconnect();
    await witness.next('room-user-leave');
    for (let round = 0; round < 12; round += 1) {
      const { status, body } = await get(server, `Bearer ${peer.sessionToken}`);
      assert.equal(status, 401);
      assert.deepEqual(JSON.parse(body), { status: 401, error: 'Unauthorized', response: false });
    }
  });

  it('come in the envelope, and nobody keeps them', async () => {
    const peer = await server.peer();
    const { status, headers, body } = await get(server, `bearer ${peer.sessionToken}`);
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(headers['content-type'], /^application\/json/);
    const { response, ...envelope } = JSON.parse(body);
    assert.deepEqual(envelope, { status: 200, error: null });
    assert.deepEqual(Object.keys(response), ['ice_servers', 'ttl']);
  });

  for (const [what, authorization] of [
    ['nothing', () => undefined],
    ['an app token', async () => `Bearer ${await server.appToken()}`],
    ['a session token as Basic', (token) => `Basic ${token}`],
    ['a session token without a scheme', (token) => token],
    ['a forged session token', (token) => `Bearer ${jwt(decode(token).claims, { secret: 'x' })}`],
    [
      'an expired session token',
      (token) => `Bearer ${jwt({ ...decode(token).claims, exp: seconds() - 1 })}`,
    ],
  ]) {
    it(`are refused to a client with ${what}`, async () => {
      const { sessionToken } = await server.peer();
      const { status, headers, body } = await get(server, await authorization(sessionToken));
      assert.equal(status, 401);
      assert.deepEqual(JSON.parse(body), { status: 401, error: 'Unauthorized', response: false });
      assert.match(headers['www-authenticate'], /^Bearer realm=/);
      assert.equal(headers['cache-control'], 'no-store');
    });
  }

  it('are only read', async () => {
    const { sessionToken } = await server.peer();
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers, body } = await get(server, `Bearer ${sessionToken}`, { method });
      assert.equal(status, 405);
      assert.match(headers.allow, /\bGET\b/);
      assert.equal(JSON.parse(body).status, 405);
    }
  });

  it('can be asked for by pages of other origins', async () => {
    const preflight = await server.request({
      method: 'OPTIONS',
      path: '/ice-servers',
      headers: {
        Origin: 'https://app.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], '*');
    assert.match(preflight.headers['access-control-allow-methods'], /\bGET\b/);
    assert.match(preflight.headers['access-control-allow-headers'], /\bauthorization\b/i);
    const refused = await server.request({
      path: '/ice-servers',
      headers: { Origin: 'https://app.example' },
    });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers['access-control-allow-origin'], '*');
  });

  it('never hold a secret, and neither does the log', async () => {
    const peer = await server.peer();
    const { body } = await get(server, `Bearer ${peer.sessionToken}`);
    assert.doesNotMatch(body + server.logs(), /north|south/);
  });
});

describe('GET /ice-servers for a peer whose connection is cut', () => {
  const server = useServer({ env: { ...turn, RECOVERY_WINDOW: 400 } });

  it('works until its time to return is over', async (t) => {
    const wire = await wireTo(t, server);
    const witness = await server.peer();
    const peer = await server.peer({ url: wire.url, recovery: true });
    await meeting(witness, peer);
    wire.cut();
    await peer.disconnected;
    await tell(server, peer.sessionToken);
    await witness.next('room-user-leave');
    assert.equal((await get(server, `Bearer ${peer.sessionToken}`)).status, 401);
  });
});

describe('ice_servers, if none are configured', () => {
  const server = useServer();

  it('are absent from auth-accept, and none over HTTP', async () => {
    const peer = await server.connect();
    const answer = await peer.askRaw('auth-request', { token: peer.appToken });
    assert.deepEqual(Object.keys(answer), ['ok', 'token']);
    assert.deepEqual(Object.keys(await peer.next('auth-accept')), ['token']);
    assert.deepEqual(await tell(server, answer.token), { ice_servers: [], ttl: null });
  });
});

describe('ICE_SERVERS', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-ice-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));

  async function accepted(env) {
    const server = await startServer({ env });
    try {
      const peer = await server.connect();
      return await peer.authenticate();
    } finally {
      await server.stop();
    }
  }

  it('without TURN is handed out as it is', async () => {
    const servers = [
      ...stun,
      {
        urls: ['turn:a.example'],
        username: 'ü "u"',
        credential: 'c\\ d',
        credentialType: 'password',
      },
    ];
    const { ice_servers: told } = await accepted({ ICE_SERVERS: JSON.stringify(servers) });
    assert.deepEqual(told, servers);
  });

  it('may be the path of a file', async () => {
    const file = path.join(folder, 'ice.json');
    writeFileSync(file, `${JSON.stringify(stun, null, 2)}\n`);
    assert.deepEqual((await accepted({ ICE_SERVERS: file })).ice_servers, stun);
  });

  it('may stand in the configuration file, beside TURN', async () => {
    const file = path.join(folder, 'heliograph.toml');
    writeFileSync(
      file,
      'turn-urls = ["turn:a.example", "turns:a.example"]\nturn-secret = "north"\nturn-ttl = 5\n' +
        '[[ice-servers]]\nurls = "stun:stun.example.org"\n',
    );
    const server = await startServer({ args: ['--config', file] });
    try {
      const peer = await server.connect();
      const start = seconds();
      const { ice_servers: told } = await peer.authenticate();
      assert.deepEqual(told[0], stun[0]);
      assert.deepEqual(told[1].urls, ['turn:a.example', 'turns:a.example']);
      assertCredential(told[1], peer, [start, seconds()], 5);
    } finally {
      await server.stop();
    }
  });
});

describe('a wrong configuration of TURN', () => {
  const secrets = { APP_SECRET: secret, APP_PASS: password };

  for (const [what, env, line] of [
    ['TURN_URLS alone', { TURN_URLS: 'turn:a.example' }, /TURN_URLS .*TURN_SECRET/],
    ['TURN_SECRET alone', { TURN_SECRET: 'geheim' }, /TURN_SECRET .*TURN_URLS/],
    ['an address that is none', { ...turn, TURN_URLS: 'turn.example' }, /TURN_URLS/],
    ['the address of a STUN server', { ...turn, TURN_URLS: 'stun:a.example' }, /TURN_URLS/],
    ['a third secret', { ...turn, TURN_SECRET: 'geheim,b,c' }, /TURN_SECRET/],
    ['no time', { ...turn, TURN_TTL: 0 }, /TURN_TTL/],
    [
      'a TURN server without its credential',
      { ICE_SERVERS: '[{"urls":"turn:a.example","username":"geheim"}]' },
      /ICE_SERVERS .*server 1 needs username and credential/,
    ],
    ['a file that is not there', { ICE_SERVERS: '/no/such/geheim' }, /ICE_SERVERS .*file/],
  ]) {
    it(`refuses ${what} in one line, and shows no secret`, async () => {
      const options = { env: { ...secrets, ...env } };
      for (const args of [['--port', '0'], ['--check-config']]) {
        const { code, output } = await run('heliograph', args, options);
        assert.equal(code, 1, output);
        assert.match(output, line);
        assert.equal(output.split('\n').filter(Boolean).length, 1, output);
        assert.doesNotMatch(output, /geheim/);
      }
    });
  }
});
