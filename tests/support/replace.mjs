// docs/protocol.md, "When a connection breaks": `auth-request {replaces}`, on one node and on
// several.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { askToJoin, accept, assertOk, assertRefused, createRoom, freshRoom } from './rooms.mjs';

/** `places(count)`: somewhere to connect, several nodes in turn. Each makes peers. */
export function describeReplacing(places) {
  it('lets the client come back into its rooms, although its old connection is still open', async () => {
    const [here, there, elsewhere] = places(3);
    const [owner, guest] = [await here.peer(), await there.peer()];
    const room = await createRoom(owner);
    await askToJoin(guest, owner, room);
    await accept(owner, guest, room);
    const own = freshRoom();
    assertOk(await guest.ask('room-create-request', { room: own }));

    const { id, sessionToken } = guest;
    const again = await elsewhere.connect();
    await again.authenticate({ replaces: sessionToken });
    assertOk(await again.ask('room-create-request', { room: own }));
    assertOk(await again.ask('room-join-request', { room }));
    assert.equal((await owner.next('room-user-leave')).peer_id, id);
    assert.equal((await owner.next('room-join-request')).peer_id, again.id);
    await guest.disconnected;
  });

  it('lets a sole owner create its room again', async () => {
    const [here, there] = places(2);
    const room = freshRoom();
    let owner = await here.peer();
    assertOk(await owner.ask('room-create-request', { room }));
    for (let times = 0; times < 5; ++times) {
      const again = await there.connect();
      await again.authenticate({ replaces: owner.sessionToken });
      assertOk(await again.ask('room-create-request', { room }));
      owner = again;
    }
  });

  it('ignores a token that is none, or of another app', async () => {
    const [here, there] = places(2);
    const owner = await here.peer();
    const room = await createRoom(owner);
    for (const replaces of ['nonsense', 7, null, owner.appToken]) {
      await (await there.connect()).authenticate({ replaces });
    }
    const stranger = await there.connect({ app: 'another' });
    await stranger.authenticate({ replaces: owner.sessionToken });
    assertRefused(await stranger.ask('room-create-request', { room }), 'room-taken');
    assertOk(await owner.ask('room-info-request', { room }));
  });

  it('tells nobody twice if the peer has gone already', async () => {
    const [here, there] = places(2);
    const [owner, guest] = [await here.peer(), await there.peer()];
    const room = await createRoom(owner);
    await askToJoin(guest, owner, room);
    await accept(owner, guest, room);
    await owner.next('room-user-join');
    guest.disconnect();
    await owner.next('room-user-leave');
    const again = await there.connect();
    await again.authenticate({ replaces: guest.sessionToken });
    await owner.expectNone('room-user-leave');
  });
}
