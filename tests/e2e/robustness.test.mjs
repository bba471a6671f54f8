// No input on any port ends the process or disturbs another connection.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../support/http.mjs';
import { PollingSession, WebSocketSession, webSocketPath } from '../support/engineio.mjs';
import { Random } from '../support/random.mjs';
import { RawWebSocket, upgradeRequest } from '../support/raw_websocket.mjs';
import { RawSocketIo, authenticate } from '../support/socketio.mjs';
import { frame } from '../support/websocket_frames.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';

describe('garbage beside a call', () => {
  const server = useServer({ env: { WORKERS: 2, HEADER_TIMEOUT: 1000, ...unlimited } });

  /**
   * Runs `abuse` while two peers talk. They must not miss a message, and the server must accept
   * newcomers after it.
   */
  async function besideACall(abuse) {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    let abusing = true;
    const done = abuse().finally(() => (abusing = false));
    done.catch(() => {});
    do {
      await relay(owner, guest, room);
      await relay(guest, owner, room);
    } while (abusing);
    await done;
    assert.ok(owner.socket.connected && guest.socket.connected);
    const [late, other] = await server.peers(2);
    await relay(late, other, await meeting(late, other));
  }

  /** Sends bytes on a new connection and hangs up, in one of several ways. */
  async function throwBytes(random, bytes) {
    const connection = await HttpConnection.open(server.port);
    for (let at = 0; at < bytes.length;) {
      const size = 1 + random.below(bytes.length);
      connection.write(bytes.subarray(at, at + size));
      at += size;
    }
    await new Promise((resolve) => setImmediate(resolve));
    random.pick([
      () => connection.destroy(),
      () => connection.socket.end(),
      () => connection.socket.resetAndDestroy(),
    ])();
  }

  it('random bytes on the port', async () => {
    const random = new Random(1);
    await besideACall(async () => {
      for (let i = 0; i < 200; i += 1)
        await throwBytes(random, random.bytes(1 + random.below(2000)));
    });
  });

  it('HTTP with one byte changed, left out or put in', async () => {
    const random = new Random(2);
    const requests = [
      'POST /app HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"app":"tests"}',
      'POST /app HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\napp=\r\n1\r\nx\r\n0\r\n\r\n',
      'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n',
      upgradeRequest({ path: webSocketPath('/socket.io/') }),
    ];
    await besideACall(async () => {
      for (let i = 0; i < 300; i += 1)
        await throwBytes(random, mutate(random, Buffer.from(random.pick(requests))));
    });
  });

  it('random frames on a WebSocket', async () => {
    const random = new Random(3);
    await besideACall(async () => {
      for (let i = 0; i < 100; i += 1) {
        const client = await RawWebSocket.connect(server.port, {
          path: webSocketPath('/socket.io/'),
        });
        for (let n = random.below(10); n >= 0; n -= 1) client.write(randomFrame(random));
        await new Promise((resolve) => setImmediate(resolve));
        client.destroy();
      }
    });
  });

  it('frames with one byte changed', async () => {
    const random = new Random(4);
    const token = await server.appToken();
    const texts = [
      `40{"token":"${token}"}`,
      '42["auth-request",{}]',
      '451-["x",{"_placeholder":true,"num":0}]',
      '3',
      '41',
    ];
    await besideACall(async () => {
      for (let i = 0; i < 150; i += 1) {
        const client = await RawWebSocket.connect(server.port, {
          path: webSocketPath('/socket.io/'),
        });
        for (const payload of texts) {
          const bytes = frame({ opcode: 1, payload });
          client.write(random.below(3) ? bytes : mutate(random, bytes));
        }
        await new Promise((resolve) => setImmediate(resolve));
        client.destroy();
      }
    });
  });

  it('Socket.IO packets of random letters', async () => {
    const random = new Random(5);
    const letters = '0123456789-,/[]{}":.abc_\\ "";num_placeholder';
    await besideACall(async () => {
      for (let i = 0; i < 150; i += 1) {
        const session = await WebSocketSession.open(server.port);
        for (let n = 0; n < 5; n += 1) {
          session.send(
            `4${Array.from({ length: random.below(40) }, () => random.pick(letters)).join('')}`,
          );
          if (random.below(3) === 0) session.send(random.bytes(random.below(20)));
        }
        await new Promise((resolve) => setImmediate(resolve));
        session.destroy();
      }
    });
  });

  it('polling payloads of random packets', async () => {
    const random = new Random(6);
    const parts = [
      '0',
      '1',
      '2',
      '3',
      '40',
      '41',
      '42["x"]',
      '5',
      '6',
      'b',
      'bAAAA',
      '\x1e',
      '',
      '451-["x"]',
      '40{"token":1}',
      'é',
    ];
    await besideACall(async () => {
      for (let i = 0; i < 150; i += 1) {
        const session = await PollingSession.open(server.port);
        const body = Array.from({ length: 1 + random.below(6) }, () => random.pick(parts)).join(
          random.pick(['\x1e', '']),
        );
        await session.post(body).catch(() => {});
        if (random.below(2)) await session.post('1').catch(() => {});
      }
    });
  });

  it('events with random JSON from a peer that is signed in', async () => {
    const random = new Random(7);
    const token = await server.appToken();
    const events = [
      'auth-request',
      'room-create-request',
      'room-join-request',
      'room-join-accept',
      'relay-ice-candidate',
    ];
    await besideACall(async () => {
      for (let i = 0; i < 20; i += 1) {
        const client = await RawSocketIo.connect(server.port, { auth: { token } });
        const auth = await authenticate(client, token);
        for (let n = 0; n < 40; n += 1) {
          const fields = {
            auth,
            room: randomJson(random),
            to: randomJson(random),
            payload: randomJson(random),
          };
          client.send(
            `2${n}${JSON.stringify([random.pick(events), random.below(4) ? fields : randomJson(random)])}`,
          );
        }
        client.send('2999["no-such-event"]');
        while (!(await client.next()).startsWith('3999'));
        client.destroy();
      }
    });
  });
});

function mutate(random, bytes) {
  const at = random.below(bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
  const change = random.pick([[random.below(256)], [], [bytes[at], random.below(256)]]);
  return Buffer.concat([before, Buffer.from(change), after]);
}

function randomFrame(random) {
  return frame({
    opcode: random.below(16),
    payload: random.bytes(random.below(300)),
    fin: random.below(4) > 0,
    rsv: random.below(8) ? 0 : random.below(8),
    masked: random.below(8) > 0,
    lengthBytes: random.below(8) ? undefined : 8,
    length: random.below(8) ? undefined : random.below(2 ** 31),
  });
}

function randomJson(random, depth = 0) {
  const leaf = [null, true, 0, -1.5, 1e300, '', 'x', '\u0000', '😀', 'room'];
  const kind = random.below(depth > 3 ? 1 : 3);
  if (kind === 0) return random.pick(leaf);
  const children = Array.from({ length: random.below(4) }, () => randomJson(random, depth + 1));
  if (kind === 1) return children;
  return Object.fromEntries(
    children.map((child, i) => [random.pick(['a', 'room', 'to', 'auth', '', `k${i}`]), child]),
  );
}
