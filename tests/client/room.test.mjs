import { afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { within } from '../support/patience.mjs';
import { freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { modules, root } from './build.mjs';
import { FakeConnection } from './fake_connection.mjs';

const kWays = ['create', 'join', 'enter'];

describe('the room of a call', () => {
  const server = useServer();
  const signals = [];
  let Signal;
  let Call;

  before(async () => {
    ({ Signal, Call } = await (await modules())('index'));
  });
  afterEach(() => {
    for (const signal of signals.splice(0)) signal.close();
  });

  async function arrive(name) {
    const options = { token: await server.appToken(), peerinfo: { name } };
    const signal = await Signal.connect(server.url, options);
    signals.push(signal);
    return { id: signal.id, signal, call: new Call(signal, { RTCPeerConnection: FakeConnection }) };
  }

  const next = ({ call }, event) => within(call.once(event), event);

  async function admit(owner, candidate) {
    const asked = next(owner, 'join-request');
    const joining = candidate.call.join(owner.call.room);
    await asked;
    await owner.call.accept(candidate.id);
    await joining;
  }

  /** A room with its owner first. */
  async function meet(...names) {
    const everybody = await Promise.all(names.map(arrive));
    const [owner, ...others] = everybody;
    await owner.call.create(freshRoom());
    for (const other of others) await admit(owner, other);
    return everybody;
  }

  test('is owned by its creator, and everybody knows', async () => {
    const [ada, ben] = await meet('Ada', 'Ben');
    assert.deepEqual([...ada.call.owners], [ada.id]);
    assert.deepEqual([...ben.call.owners], [ada.id]);
    assert.deepEqual([ada.call.isOwner, ben.call.isOwner], [true, false]);
    assert.deepEqual(ben.call.settings, { locked: false, capacity: null, admission: 'owner' });
    assert.deepEqual(
      [...ben.call.peers.values()].map(({ info }) => info),
      [{ name: 'Ada' }],
    );
  });

  test('shows a candidate until it is let in, refused or gone', async () => {
    const [ada] = await meet('Ada');
    const [ben, cleo] = [await arrive('Ben'), await arrive('Cleo')];
    const { room } = ada.call;
    const cards = [];
    ada.call.on('join-request', ({ peerinfo }) => cards.push(`+${peerinfo.name}`));
    ada.call.on('join-cancel', ({ peerId }) => cards.push(peerId));

    const first = next(ada, 'join-request');
    const joining = ben.call.join(room);
    await first;
    assert.deepEqual([...ada.call.candidates.keys()], [ben.id]);
    await ada.call.accept(ben.id);
    await joining;

    const second = next(ada, 'join-request');
    const refusal = assert.rejects(cleo.call.join(room), {
      code: 'join-rejected',
      reason: 'rejected-by-owner',
    });
    await second;
    await ada.call.reject(cleo.id);
    await refusal;

    const third = next(ada, 'join-request');
    const withdrawal = assert.rejects(cleo.call.join(room), { code: 'closed' });
    await third;
    const gone = next(ada, 'join-cancel');
    await cleo.call.leave();
    await withdrawal;
    await gone;
    assert.deepEqual(cards, ['+Ben', ben.id, '+Cleo', cleo.id, '+Cleo', cleo.id]);
    assert.equal(ada.call.candidates.size, 0);
  });

  test('passes on when its owner leaves', async () => {
    const [ada, ben, cleo] = await meet('Ada', 'Ben', 'Cleo');
    const changes = [next(ben, 'owner-changed'), next(cleo, 'owner-changed')];
    const left = next(cleo, 'peer-left');
    await ada.call.leave();
    assert.deepEqual(
      (await Promise.all(changes)).map(({ isOwner }) => isOwner),
      [true, false],
    );
    assert.equal((await left).peer.id, ada.id);
    const dan = await arrive('Dan');
    const asked = next(ben, 'join-request');
    const joining = dan.call.join(ben.call.room);
    await asked;
    await ben.call.accept(dan.id);
    await joining;
    assert.deepEqual([...dan.call.peers.keys()], [ben.id, cleo.id]);
  });

  test('lets in with a password, and the same call may try another one', async () => {
    const [ada, ben] = await meet('Ada', 'Ben');
    const told = next(ben, 'room-updated');
    await ada.call.update({ admission: 'password', password: 'opal' });
    assert.equal((await told).settings.admission, 'password');
    const cleo = await arrive('Cleo');
    const { room } = ada.call;
    await assert.rejects(cleo.call.join(room, { password: 'onyx' }), { code: 'wrong-password' });
    const joined = [next(ada, 'peer-joined'), next(ben, 'peer-joined')];
    await cleo.call.join(room, { password: 'opal' });
    for (const { peer } of await Promise.all(joined)) assert.equal(peer.id, cleo.id);
  });

  test('tells a member that an owner asks it to mute, and leaves the rest to it', async () => {
    const [ada, ben, cleo] = await meet('Ada', 'Ben', 'Cleo');
    const asked = next(ben, 'mute-request');
    const payload = { why: 'noise' };
    await ada.call.requestMute(ben.id, 'audio', { payload });
    assert.deepEqual(await asked, { peerId: ada.id, kind: 'audio', payload });
    await assert.rejects(ben.call.requestMute(cleo.id, 'video'), { code: 'not-owner' });
    assert.equal(ada.call.peers.size, 2);
  });

  test('ends the call of a member that its owner removes', async () => {
    const [ada, ben, cleo] = await meet('Ada', 'Ben', 'Cleo');
    const events = [];
    ben.call.on('kicked', () => events.push('kicked'));
    const ended = next(ben, 'ended');
    const left = next(cleo, 'peer-left');
    await ada.call.kick(ben.id, { ban: true });
    assert.equal((await ended).reason, 'kicked');
    assert.deepEqual(events, ['kicked']);
    assert.equal((await left).peer.id, ben.id);
    assert.equal(ben.call.peers.size, 0);
    const again = new Call(ben.signal, { RTCPeerConnection: FakeConnection });
    await assert.rejects(again.join(ada.call.room), { code: 'banned' });
  });

  test('lets a member that has left in again, and connects with it', async () => {
    const [ada, ben] = await meet('Ada', 'Ben');
    const left = next(ada, 'peer-left');
    await ben.call.leave();
    await left;
    ben.call = new Call(ben.signal, { RTCPeerConnection: FakeConnection });
    const joined = next(ada, 'peer-joined');
    await admit(ada, ben);
    assert.equal((await joined).peer.id, ben.id);
  });

  const refuses = (promise, code) => assert.rejects(promise, { name: 'SignalError', code });

  test('is one for a call, and a call needs an RTCPeerConnection', async () => {
    const [ada] = await meet('Ada');
    await refuses(ada.call.create(), 'already-in-room');
    assert.throws(() => new Call(ada.signal), /RTCPeerConnection/);
    const ended = next(ada, 'ended');
    ada.signal.close();
    assert.equal((await ended).reason, 'closed');
    for (const way of kWays) await refuses(ada.call[way]('another'), 'closed');
  });

  test('has one call of each signal in it, and that one stays as it is', async () => {
    const [ada, ben] = await meet('Ada', 'Ben');
    const { room } = ada.call;
    const ofAda = () => new Call(ada.signal, { RTCPeerConnection: FakeConnection });
    const ended = [];
    for (const { call } of [ada, ben]) call.on('ended', ({ reason }) => ended.push(reason));
    const peer = ada.call.peers.get(ben.id);
    for (const way of kWays) await refuses(ofAda()[way](room), 'already-in-room');
    assert.equal(ada.call.peers.get(ben.id), peer);
    assert.deepEqual(ended, []);
    const [one, other] = [ofAda(), ofAda()];
    await Promise.all([one.create(), other.create()]);
    assert.notEqual(one.room, other.room);
    await one.leave();
    const again = ofAda();
    await again.enter(one.room);
    await refuses(ofAda().enter(again.room), 'already-in-room');
  });

  test('may be entered by another call as soon as one gives up', async () => {
    const [ada] = await meet('Ada');
    const ben = await arrive('Ben');
    const { room } = ada.call;
    const ofBen = () => new Call(ben.signal, { RTCPeerConnection: FakeConnection });
    const giveUp = new AbortController();
    const first = refuses(ben.call.enter(room, { signal: giveUp.signal }), 'closed');
    giveUp.abort();
    const second = ofBen();
    const withdrawn = refuses(second.enter(room), 'closed');
    await second.leave();
    const third = ofBen();
    const accepting = [];
    const hasBeenWithdrawn = () => {};
    ada.call.on('join-request', ({ peerId }) => {
      accepting.push(ada.call.accept(peerId).catch(hasBeenWithdrawn));
    });
    const entering = third.enter(room);
    await Promise.all([first, withdrawn]);
    await refuses(ofBen().enter(room), 'already-in-room');
    await entering;
    await refuses(ofBen().enter(room), 'already-in-room');
    await Promise.all(accepting);
  });

  test('may be tried again after it could not be entered', async () => {
    const ada = await arrive('Ada');
    const room = freshRoom();
    await refuses(ada.call.join(room), 'room-not-found');
    const other = new Call(ada.signal, { RTCPeerConnection: FakeConnection });
    await other.create(room);
    await refuses(ada.call.enter(room), 'already-in-room');
    await other.leave();
    await ada.call.enter(room);
  });

  test('has a name, unless it is made', async () => {
    const ada = await arrive('Ada');
    for (const way of ['join', 'enter']) {
      for (const name of ['', undefined]) await refuses(ada.call[way](name), 'invalid-arguments');
    }
    await ada.call.create('');
    assert.match(ada.call.room, /^[0-9a-f-]{36}$/);
  });

  test('tells events of those names that a call has', async () => {
    const { call } = await arrive('Ada');
    const types = await readFile(join(root, 'clients/typescript/src/call_types.ts'), 'utf8');
    const [, events] = /interface CallEvents {(.*?)^}/ms.exec(types);
    const names = [...events.matchAll(/^ {2}'?([\w-]+)'?: /gm)].map(([, name]) => name);
    assert.equal(names.length, 17);
    for (const name of names) call.on(name, () => {});
    for (const name of ['streams', 'join', '', 'state', 'toString']) {
      assert.throws(() => call.on(name, () => {}), TypeError, name);
    }
  });
});
