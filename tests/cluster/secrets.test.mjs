// docs/deploy.md, "A new secret": nodes that are given it one after the other stay one service.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually, within } from '../support/patience.mjs';
import { assertOk, assertRefused, createRoom, meeting, relay } from '../support/rooms.mjs';
import { serve } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { clusterFor, reconnecting } from './nodes.mjs';

const older = 'the older secret: longer than 32 bytes';
const newer = 'the newer secret: longer than 32 bytes';

/** The room admits everybody who knows the password. */
async function openWith(owner, word) {
  const room = await createRoom(owner);
  const rules = { room, admission: 'password', password: word };
  assertOk(await owner.ask('room-update-request', rules));
  return room;
}

const statusOfIceServers = async (node, token) => {
  const headers = { Authorization: `Bearer ${token}` };
  return (await node.request({ path: '/ice-servers', headers })).status;
};

/** Why the peer is refused with a session token that is not its own. */
const reasonAgainst = async (peer, auth) =>
  (await peer.ask('room-info-request', { auth, room: 'any' })).error.reason;

/** Two nodes with these secrets, as pairs: each of them with the other. */
async function nodesWith(t, secrets) {
  const cluster = await clusterFor(t, { size: 0 });
  for (const APP_SECRET of secrets) await cluster.add({ APP_SECRET });
  const [one, two] = cluster.nodes;
  return [
    [one, two],
    [two, one],
  ];
}

/** The secrets that two nodes have at the same time, in the order of a rotation. */
const moments = [
  [older, `${older},${newer}`],
  [`${older},${newer}`, `${newer},${older}`],
  [`${newer},${older}`, newer],
];

describe('two nodes in the middle of a rotation', () => {
  for (const [step, secrets] of moments.entries()) {
    it(`take each other's tokens and passwords (${step + 1} of ${moments.length})`, async (t) => {
      for (const [here, there] of await nodesWith(t, secrets)) {
        const token = await here.appToken();
        const [owner, guest] = [await here.peer(), await there.peer({ token })];
        const room = await openWith(owner, 'opal');
        const ask = (word) => guest.ask('room-join-request', { room, password: word });
        assertRefused(await ask('onyx'), 'wrong-password');
        assertOk(await ask('opal'));
        await owner.next('room-user-join');
        await relay(owner, guest, room);
        await relay(guest, owner, room);
        const isServed = async () => (await statusOfIceServers(there, owner.sessionToken)) === 200;
        await eventually(isServed, 'each node has heard of the other, and takes its token');
      }
    });

    it(`have their clients return (${step + 1} of ${moments.length})`, async (t) => {
      for (const [here, there] of await nodesWith(t, secrets)) {
        const wire = await wireTo(t, here);
        const token = await there.appToken();
        const options = { url: wire.url, token, recovery: true, ...reconnecting };
        const [owner, peer] = [await there.peer(), await here.peer(options)];
        const room = await meeting(owner, peer);
        const { id } = peer;
        const back = new Promise((resolve) => peer.socket.once('connect', resolve));
        wire.drop();
        await within(back, 'the client returns');
        assert.deepEqual([peer.socket.recovered, peer.id], [true, id]);
        await relay(owner, peer, room);
        await owner.expectNone('room-user-leave');
      }
    });
  }
});

describe('a server that is restarted with a new secret', () => {
  it('accepts tokens of the older secret as long as that is configured', async (t) => {
    const first = await serve(t, { env: { APP_SECRET: older } });
    const token = await first.appToken();
    const { sessionToken } = await first.peer();
    await first.stop();

    const both = await serve(t, { env: { APP_SECRET: `${newer},${older}` } });
    const peer = await both.peer({ token });
    assert.equal(await reasonAgainst(peer, sessionToken), 'token-of-another-connection');
    const fresh = await both.appToken();
    const session = peer.sessionToken;
    await both.stop();

    const last = await serve(t, { env: { APP_SECRET: newer } });
    await assert.rejects(last.connect({ token }), /Token is not valid/);
    const latest = await last.peer({ token: fresh });
    assert.equal(await reasonAgainst(latest, sessionToken), 'token-invalid');
    assert.equal(await reasonAgainst(latest, session), 'token-of-another-connection');
  });
});
