// docs/configuration.md, "Access": which origins' pages may connect, by WebSocket and by polling.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawWebSocket } from '../support/raw_websocket.mjs';
import { PollingSession, pollingPath, webSocketPath } from '../support/engineio.mjs';
import { within } from '../support/patience.mjs';
import { serve, useServer } from '../support/server.mjs';

const mount = '/socket.io/';
const good = 'https://good.example';
const evil = [
  'https://evil.example',
  'http://good.example',
  'https://good.example:444',
  'https://good.example.evil.example',
  'https://sub.good.example',
  'https://evil-good.example',
  'null',
  'file://',
];
const refusal = {
  status: 403,
  error: 'Forbidden',
  response: false,
  code: 4,
  message: 'Forbidden',
  reason: 'origin not allowed',
};

async function webSocketStatus(server, headers, path = webSocketPath(mount)) {
  const client = await RawWebSocket.open(server.port, { path, headers });
  const response = await within(client.response, 'answer to the handshake');
  client.destroy();
  return response?.status;
}

const poll = (server, headers, path = pollingPath(mount)) => server.request({ path, headers });

function assertRefused(answer) {
  assert.equal(answer.status, 403);
  assert.deepEqual(JSON.parse(answer.body), refusal);
}

describe('ALLOWED_ORIGINS', () => {
  const server = useServer({ env: { ALLOWED_ORIGINS: `${good},https://other.example:8443` } });

  for (const Origin of [good, 'https://other.example:8443']) {
    it(`lets ${Origin} in`, async () => {
      assert.equal(await webSocketStatus(server, { Origin }), 101);
      assert.equal((await poll(server, { Origin })).status, 200);
    });
  }

  for (const Origin of evil) {
    it(`answers 403 to "${Origin}"`, async () => {
      assert.equal(await webSocketStatus(server, { Origin }), 403);
      assertRefused(await poll(server, { Origin }));
    });
  }

  it('lets a client in that sends no origin: it is no browser', async () => {
    assert.equal(await webSocketStatus(server, {}), 101);
    await server.peer();
  });

  it('lets its own pages in, and React Native, which says that it comes from where it goes', async () => {
    const Host = `signal.example:${server.port}`;
    for (const Origin of [`http://${Host}`, `https://${Host}`, `http://${Host}/`]) {
      assert.equal(await webSocketStatus(server, { Host, Origin }), 101, Origin);
      assert.equal((await poll(server, { Host, Origin })).status, 200, Origin);
    }
    for (const headers of [
      { Host: 'signal.example', Origin: 'https://signal.example' },
      { Host: 'signal.example', Origin: 'http://signal.example:80' },
      { Host: 'signal.example:443', Origin: 'https://signal.example' },
      { Host: '[::1]:5000', Origin: 'http://[::1]:5000' },
    ]) {
      assert.equal(await webSocketStatus(server, headers), 101, JSON.stringify(headers));
    }
    assert.equal(await webSocketStatus(server, { Host, Origin: 'http://signal.example' }), 403);
    assertRefused(await poll(server, { Host, Origin: 'http://signal.example:1' }));
  });

  it('holds for each poll and POST of a session and for its upgrade, and leaves it as it was', async () => {
    const polling = await PollingSession.open(server.port);
    const headers = { Origin: evil[0] };
    assert.equal(await webSocketStatus(server, headers, webSocketPath(mount, polling.sid)), 403);
    assertRefused(await polling.poll({ headers }));
    assertRefused(await polling.post('1', headers));
    await polling.send('40{"token":"wrong"}');
    assert.match((await polling.packets())[0], /^44/);
  });

  it('tells the operator which origin was refused', async (t) => {
    const noisy = await serve(t, { env: { ALLOWED_ORIGINS: good } });
    await poll(noisy, { Origin: evil[0], Host: 'signal.example' });
    const line = await noisy.program.line(
      (text) => /origin refused/.test(text) && text,
      'a warning',
    );
    for (const part of ['warn', evil[0], 'signal.example', '127.0.0.1']) {
      assert.ok(line.includes(part), `${part} in ${line}`);
    }
  });
});

describe('ALLOWED_ORIGINS behind a proxy', () => {
  const Host = '127.0.0.1:8080';
  const headers = { Host, Origin: 'https://signal.example', 'X-Forwarded-Host': 'signal.example' };
  const trusting = useServer({ env: { ALLOWED_ORIGINS: good, TRUSTED_PROXIES: '127.0.0.1' } });
  const plain = useServer({ env: { ALLOWED_ORIGINS: good } });

  it('lets its own pages in, by the name that a trusted proxy says', async () => {
    assert.equal(await webSocketStatus(trusting, headers), 101);
    assert.equal((await poll(trusting, headers)).status, 200);
  });

  it('does not believe what a client says in front of that, nor anybody without trust', async () => {
    const lying = { ...headers, 'X-Forwarded-Host': 'signal.example, other.example' };
    assert.equal(await webSocketStatus(trusting, lying), 403);
    assertRefused(await poll(trusting, lying));
    assert.equal(await webSocketStatus(plain, headers), 403);
    assertRefused(await poll(plain, headers));
  });
});

describe('ALLOWED_ORIGINS with pages that have no origin', () => {
  const server = useServer({ env: { ALLOWED_ORIGINS: 'null,file://' } });

  for (const Origin of ['null', 'file://']) {
    it(`lets "${Origin}" in`, async () => {
      assert.equal(await webSocketStatus(server, { Origin }), 101);
      assert.equal((await poll(server, { Origin })).status, 200);
    });
  }

  it('lets no other in', async () => {
    assert.equal(await webSocketStatus(server, { Origin: good }), 403);
  });
});

describe('WEBSOCKET_ORIGINS, as it was called before', () => {
  const server = useServer({ env: { WEBSOCKET_ORIGINS: good } });

  it('still counts, and for polling too', async () => {
    assert.equal(await webSocketStatus(server, { Origin: good }), 101);
    assert.equal(await webSocketStatus(server, { Origin: evil[0] }), 403);
    assertRefused(await poll(server, { Origin: evil[0] }));
  });
});

describe('ALLOWED_ORIGINS by default', () => {
  const server = useServer();

  it('lets any origin in', async () => {
    const headers = { Origin: 'https://anywhere.example' };
    const client = await RawWebSocket.connect(server.port, { path: webSocketPath(mount), headers });
    assert.match(await client.next(), /^0\{/);
    client.destroy();
    assert.equal((await poll(server, headers)).status, 200);
  });
});
