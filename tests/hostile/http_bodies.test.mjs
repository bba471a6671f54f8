// Bodies of HTTP requests that never end, or hold too much.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, separator } from '../support/engineio.mjs';
import { HttpConnection } from '../support/http.mjs';
import { eventually } from '../support/patience.mjs';
import { underAttack } from './attack.mjs';
import { Tally } from './tally.mjs';

const kInterval = 100; // milliseconds between two pieces
const kAtOnce = 100; // attackers that trickle, of each kind
const kChunk = Buffer.from(`5000\r\n${'x'.repeat(0x5000)}\r\n`); // more than is taken

const post = (path, headers) => ({
  method: 'POST',
  path,
  headers: { 'Content-Type': 'text/plain', ...headers },
});
const ofLength = (path, length) => post(path, { 'Content-Length': length });
const chunked = (path) => post(path, { 'Transfer-Encoding': 'chunked' });

/** Sends the head of a request, and pieces of its body until the server answers. */
async function trickle(attack, tally, name, head, piece) {
  const connection = attack.add(await HttpConnection.open(attack.server.port));
  connection.send(head);
  connection.write(piece);
  const timer = setInterval(() => connection.write(piece), kInterval);
  const answer = await connection.response().catch(() => null);
  clearInterval(timer);
  tally.add(answer ? `${name}: ${answer.status}` : undefined);
  attack.remove(connection);
}

it('bodies that never end', (t) =>
  underAttack(t, { env: { HEADER_TIMEOUT: 3_000, CONNECT_TIMEOUT: 10_000 } }, async (attack) => {
    const tally = new Tally();
    // An attacker that was stopped for longer than HEADER_TIMEOUT tries again.
    const open = () => PollingSession.open(attack.server.port).catch(() => null);
    const sessionPath = async () => (await eventually(open, 'a session')).path;
    const kinds = [
      ['/app', kAtOnce, () => ofLength('/app', 16_000), 'x'],
      ['too large for /app', 2, () => ofLength('/app', 16_385), 'x'],
      ['/app in chunks', 2, () => chunked('/app'), kChunk],
      ['a session', kAtOnce, async () => ofLength(await sessionPath(), 8_000), 'x'],
      ['too large for a session', 2, async () => ofLength(await sessionPath(), 8_193), 'x'],
      ['a session in chunks', 2, async () => chunked(await sessionPath()), kChunk],
    ];
    await Promise.all(
      kinds.map(([name, atOnce, head, piece]) =>
        attack.repeat(atOnce, async () => trickle(attack, tally, name, await head(), piece)),
      ),
    );
    tally.assertOnly(
      '/app: 408',
      'too large for /app: 413',
      '/app in chunks: 413',
      'a session: 408',
      'too large for a session: 413',
      'a session in chunks: 413',
    );
  }));

it('bodies of half a million packets', (t) =>
  underAttack(t, {}, async (attack) => {
    const body = Array(500_000).fill('6').join(separator);
    await attack.repeat(4, async () => {
      const session = await PollingSession.open(attack.server.port);
      await session.send(`40${JSON.stringify({ token: attack.token })}`);
      const answer = await session.post(body);
      assert.deepEqual(
        [answer.status, JSON.parse(answer.body).reason],
        [400, 'too many packets in a body'],
      );
      assert.ok(await session.isClosed(), 'the session is closed');
    });
  }));
