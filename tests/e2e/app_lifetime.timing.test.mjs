// docs/protocol.md, "Tokens": a connection ends with its app token, unless that is renewed.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession } from '../support/engineio.mjs';
import { within } from '../support/patience.mjs';
import { closing } from '../support/raw_websocket.mjs';
import { assertOk, meeting, relay } from '../support/rooms.mjs';
import { RawSocketIo } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';
import { jwt } from '../support/tokens.mjs';

const tokenFor = (seconds) =>
  jwt({ app: 'x', kind: 'app', exp: Math.floor(Date.now() / 1000) + seconds });

describe('a connection whose app token expires', () => {
  const server = useServer();

  it('is closed, and told why', async () => {
    const client = await RawSocketIo.connect(server.port, { auth: { token: tokenFor(2) } });
    const { socket } = client.transport;
    assert.deepEqual(await closing(socket), { code: 1000, reason: 'app token expired' });
  });

  it('has left its rooms', async () => {
    const [owner, guest] = [await server.peer(), await server.peer({ token: tokenFor(3) })];
    const room = await meeting(owner, guest);
    const { id } = guest;
    assert.deepEqual(await owner.next('room-user-leave'), { room, peer_id: id });
    await within(guest.disconnected, 'the end of the connection');
  });

  it('goes on with another token', async () => {
    const [owner, guest] = [await server.peer(), await server.peer({ token: tokenFor(3) })];
    const room = await meeting(owner, guest);
    guest.appToken = tokenFor(3600);
    await guest.authenticate();
    const other = await server.peer({ token: tokenFor(5) });
    await within(other.disconnected, 'a later token than the first of the guest expires');
    await relay(owner, guest, room);
    assertOk(await guest.ask('room-info-request', { room }));
    await owner.expectNone('room-user-leave');
  });

  it('returns with another token as the peer it was', async () => {
    let token = tokenFor(3);
    const auth = (send) => send({ token, recovery: true });
    const options = { auth, reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 50 };
    const [owner, guest] = [await server.peer(), await server.peer({ token, ...options })];
    const room = await meeting(owner, guest);
    const { id } = guest;
    const back = new Promise((resolve) => guest.socket.once('connect', resolve));
    token = tokenFor(3600);
    guest.appToken = token;
    assert.equal(await within(guest.disconnected, 'the end of the connection'), 'transport close');
    await within(back, 'the client is back');
    assert.deepEqual([guest.socket.recovered, guest.id], [true, id]);
    await guest.authenticate();
    await relay(owner, guest, room);
    await relay(guest, owner, room);
    await owner.expectNone('room-user-leave');
  });

  it('is ended over polling, too', async () => {
    const session = await PollingSession.open(server.port);
    await session.send(`40${JSON.stringify({ token: tokenFor(2) })}`);
    await session.packets();
    assert.ok(await session.isClosed());
  });
});
