// How the package comes back into rooms: docs/protocol.md, "Tickets".
import { afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { within } from '../support/patience.mjs';
import { freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { modules } from './build.mjs';

const quick = { reconnectionDelay: 20, reconnectionDelayMax: 50 };

/** As a page's sessionStorage. */
function storage() {
  const items = new Map();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

describe('a signal with tickets', () => {
  const server = useServer({ env: { RECOVERY_WINDOW: 50, ROOM_LINGER: 2000 } });
  const open = [];
  let Signal;

  before(async () => {
    ({ Signal } = await (await modules())('index'));
  });
  afterEach(() => {
    for (const signal of open.splice(0)) signal.close();
  });

  async function connect(options = {}) {
    const { url = server.url, ...others } = options;
    const signal = new Signal(url, { token: await server.appToken(), socket: quick, ...others });
    open.push(signal);
    await signal.open();
    return signal;
  }

  /** An owner, and a guest who is let in. */
  async function meet(options) {
    const owner = await connect();
    const room = await owner.createRoom(freshRoom());
    const guest = await connect(options);
    const asked = owner.once('room-join-request');
    const joining = guest.joinRoom(room);
    const { peerId } = await within(asked, 'a knock');
    await owner.accept(room, peerId);
    await joining;
    return { owner, guest, room };
  }

  test('knocks if its store returns something that is no ticket', async () => {
    for (const odd of ['\ud800', 'x'.repeat(70_000), 7, Promise.resolve('later'), '']) {
      const { owner, guest, room } = await meet({ tickets: { ...storage(), getItem: () => odd } });
      assert.ok(guest.rooms.has(room));
      owner.close();
      guest.close();
    }
  });

  test('is in its room again after a longer absence, without knocking', async (t) => {
    const wire = await wireTo(t, server);
    const { owner, guest, room } = await meet({ url: wire.url });
    const knocks = [];
    owner.on('room-join-request', (request) => knocks.push(request));
    const left = owner.once('room-user-leave');
    wire.cut();
    await within(left, 'the absence is noticed');
    const back = guest.once('rejoin');
    wire.mend();
    const { joined, error } = await within(back, 'the return');
    assert.equal(error, undefined);
    assert.deepEqual(joined.peers, [owner.id]);
    assert.deepEqual([...guest.rooms], [room]);
    assert.deepEqual(knocks, []);
  });

  test('is let in by the ticket of its page after a reload', async () => {
    const tickets = storage();
    const { owner, guest, room } = await meet({ tickets });
    assert.equal(tickets.items.size, 1);
    const gone = owner.once('room-user-leave');
    guest.close();
    await within(gone, 'the page goes');
    const again = await connect({ tickets });
    assert.deepEqual((await within(again.joinRoom(room), 'in at once')).peers, [owner.id]);
  });

  test('enters its own room again, as its owner', async () => {
    const tickets = storage();
    const owner = await connect({ tickets });
    const room = await owner.createRoom(freshRoom());
    await owner.updateRoom(room, { locked: true });
    owner.close();
    const again = await connect({ tickets });
    const { created, owner: owns } = await within(again.enterRoom(room), 'in at once');
    assert.deepEqual([created, owns], [false, true]);
    assert.equal((await again.roomInfo(room)).locked, true);
  });

  test('knocks if another tab has the same ticket and is connected', async () => {
    const tickets = storage();
    const { owner, room } = await meet({ tickets });
    const copy = storage();
    for (const [key, value] of tickets.items) copy.setItem(key, value);
    const duplicate = await connect({ tickets: copy });
    const asked = owner.once('room-join-request');
    const joining = duplicate.joinRoom(room);
    assert.equal((await within(asked, 'a knock')).peerId, duplicate.id);
    await owner.accept(room, duplicate.id);
    await within(joining, 'let in');
  });

  test('keeps none of a room that it has left, or was sent out of', async () => {
    const tickets = storage();
    const { guest, room } = await meet({ tickets });
    await guest.leaveRoom(room);
    assert.equal(tickets.items.size, 0);
    const { owner, guest: second, room: other } = await meet({ tickets });
    const kicked = second.once('room-kick');
    await owner.kick(other, second.id);
    await within(kicked, 'the kick');
    assert.equal(tickets.items.size, 0);
  });

  test('keeps those of each room, server and app apart', async () => {
    const tickets = storage();
    const { room } = await meet({ tickets });
    const other = await connect({ tickets, token: await server.appToken('another app') });
    await other.createRoom(freshRoom());
    assert.equal(tickets.items.size, 2);
    const rejected = assert.rejects(within(other.joinRoom(room), 'a knock'), { code: 'closed' });
    other.close();
    await rejected;
  });

  test('does without a storage that refuses', async () => {
    const refuse = () => {
      throw new Error('no storage here');
    };
    const refusing = { getItem: refuse, setItem: refuse, removeItem: refuse };
    const { guest, room } = await meet({ tickets: refusing });
    await guest.leaveRoom(room);
  });

  test('waits for a room that waits for somebody else', async () => {
    const tickets = storage();
    const owner = await connect({ tickets });
    const room = await owner.createRoom(freshRoom());
    owner.close();
    const other = await connect();
    const { created } = await within(other.enterRoom(room), 'in');
    assert.equal(created, true);
  });

  test('creates its room again if only its own former peer was in it', async (t) => {
    const wire = await wireTo(t, server);
    const killed = await connect({ url: wire.url });
    const room = await killed.createRoom(freshRoom());
    wire.cut();
    const restarted = await connect();
    const { created } = await within(restarted.enterRoom(room), 'in');
    assert.equal(created, true);
  });
});
