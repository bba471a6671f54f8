import { afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { eventually, within } from '../support/patience.mjs';
import { freshRoom } from '../support/rooms.mjs';
import { serve, useServer } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { modules } from './build.mjs';

const quick = { reconnectionDelay: 50, reconnectionDelayMax: 200 };

describe('a signal', () => {
  const server = useServer({ env: { ICE_SERVERS: '[{"urls":"stun:stun.example.org"}]' } });
  const open = [];
  let Signal;
  let SignalError;

  before(async () => {
    ({ Signal, SignalError } = await (await modules())('index'));
  });

  afterEach(() => {
    for (const signal of open.splice(0)) signal.close();
  });

  async function connect(name, { url = server.url, ...options } = {}) {
    const token = await server.appToken();
    const own = { token, peerinfo: { name }, socket: quick, ...options };
    const signal = new Signal(url, own);
    open.push(signal);
    await within(signal.open(), `${name} signs in`);
    return signal;
  }

  /** The next such event, from now on. */
  const next = (signal, name) => within(signal.once(name), `${name} of ${signal.id}`);

  const refused = (promise, code) =>
    assert.rejects(within(promise, code), (error) => {
      assert.ok(error instanceof SignalError, String(error));
      assert.equal(error.code, code);
      assert.ok(error.message.length > 0);
      return true;
    });

  /** As its owner; that it may be closed meanwhile is part of the test. */
  const letEverybodyIn = (signal) =>
    signal.on('room-join-request', ({ room, peerId }) => {
      signal.accept(room, peerId).catch(() => {});
    });

  /** A room with its owner, and the others accepted into it. */
  async function meet(...names) {
    const [owner, ...others] = await Promise.all(names.map((name) => connect(name)));
    const room = await owner.createRoom(freshRoom());
    for (const other of others) {
      const asked = next(owner, 'room-join-request');
      const joined = other.joinRoom(room);
      await asked;
      await owner.accept(room, other.id);
      await joined;
    }
    return { room, everybody: [owner, ...others] };
  }

  test('is closed with "unauthorized" when the server does not take the token', async () => {
    const signal = new Signal(server.url, { token: 'nonsense' });
    await refused(signal.open(), 'unauthorized');
    assert.equal(signal.state, 'closed');
    await refused(signal.createRoom(), 'closed');
  });

  test('is not online any more when it says that it is closed', async () => {
    const signal = await connect('Ada');
    const told = [];
    signal.on('state', ({ state }) => told.push([state, signal.online]));
    signal.close();
    assert.deepEqual(told, [['closed', false]]);
  });

  test('keeps trying while the token cannot be had, and gives up on a SignalError', async () => {
    let attempts = 0;
    const patient = new Signal(server.url, {
      token: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('the back end is down');
        return attempts === 2 ? '' : server.appToken();
      },
      socket: quick,
    });
    open.push(patient);
    const told = [];
    patient.on('state', ({ error }) => error && told.push([error.code, error.message]));
    await within(patient.open({ keepTrying: true }), 'the third token');
    assert.equal(attempts, 3);
    assert.deepEqual(told, [
      ['no-token', 'the back end is down'],
      ['no-token', 'The function `token` gave no text'],
    ]);
    const signal = new Signal(server.url, {
      token: () => Promise.reject(new SignalError('switched-off', 'No calls today')),
    });
    await refused(signal.open(), 'switched-off');
  });

  test('opens a room, lets people in and turns them away', async () => {
    const owner = await connect('Ada');
    const ben = await connect('Ben');
    const room = await owner.createRoom();
    assert.match(room, /^[0-9a-f-]{36}$/);
    assert.deepEqual([...owner.rooms], [room]);

    const asked = next(owner, 'room-join-request');
    const joining = ben.joinRoom(room, { payload: 'please' });
    assert.deepEqual(await asked, {
      room,
      peerId: ben.id,
      peerinfo: { name: 'Ben' },
      payload: 'please',
    });
    const seen = next(owner, 'room-user-join');
    await owner.accept(room, ben.id);
    const joined = await joining;
    assert.deepEqual(joined.peers, [owner.id]);
    assert.deepEqual(joined.peersinfo, { [owner.id]: { name: 'Ada' } });
    assert.equal((await seen).peerId, ben.id);

    const cleo = await connect('Cleo');
    const askedAgain = next(owner, 'room-join-request');
    const refusal = refused(cleo.joinRoom(room), 'join-rejected');
    await askedAgain;
    await owner.reject(room, cleo.id);
    await refusal;
    await refused(cleo.joinRoom('nowhere'), 'room-not-found');
    await refused(cleo.createRoom(room), 'room-taken');
    await refused(ben.accept(room, cleo.id), 'not-owner');
  });

  test('withdraws a request to join', async () => {
    const owner = await connect('Ada');
    const ben = await connect('Ben');
    const room = await owner.createRoom(freshRoom());
    const controller = new AbortController();
    const asked = next(owner, 'room-join-request');
    const cancelled = next(owner, 'room-join-cancel');
    const joining = refused(ben.joinRoom(room, { signal: controller.signal }), 'closed');
    await asked;
    controller.abort();
    await joining;
    assert.equal((await cancelled).peerId, ben.id);
  });

  test('relays descriptions, candidates and messages, to one or to all', async () => {
    const { room, everybody } = await meet('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everybody;
    const common = { room, peerId: ada.id, peerinfo: { name: 'Ada' } };
    const description = { type: 'offer', sdp: 'v=0' };
    const described = next(ben, 'session-description');
    await ada.sendDescription(room, ben.id, description, { payload: 1 });
    assert.deepEqual(await described, { ...common, sessionDescription: description, payload: 1 });
    const candidate = { candidate: 'candidate:1', sdpMid: '0' };
    const found = next(ben, 'ice-candidate');
    await ada.sendCandidate(room, ben.id, candidate);
    assert.deepEqual(await found, { ...common, iceCandidate: candidate });
    const toOne = next(ben, 'message');
    await ada.sendMessage(room, { move: 'e4' }, { to: ben.id });
    assert.deepEqual(await toOne, { ...common, data: { move: 'e4' } });
    const toAll = [ben, cleo].map((signal) => next(signal, 'message'));
    await ada.sendMessage(room, Buffer.from([1, 2, 3]));
    for (const { data } of await Promise.all(toAll)) assert.deepEqual([...data], [1, 2, 3]);
    await refused(ada.sendDescription(room, 'nobody', description), 'peer-not-in-room');
  });

  test('changes the rules of a room, which then hold', async () => {
    const { room, everybody } = await meet('Ada', 'Ben');
    const [ada, ben] = everybody;
    const told = next(ben, 'room-update');
    const rules = { admission: 'password', capacity: 3 };
    const settings = await ada.updateRoom(room, { ...rules, password: 'opal' });
    const { locked, capacity, admission } = settings;
    assert.deepEqual([locked, capacity, admission], [false, 3, 'password']);
    assert.equal((await told).capacity, 3);
    const cleo = await connect('Cleo');
    await refused(cleo.joinRoom(room, { password: 'onyx' }), 'wrong-password');
    await cleo.joinRoom(room, { password: 'opal' });
    const dan = await connect('Dan');
    await refused(dan.joinRoom(room, { password: 'opal' }), 'room-full');
    await ada.updateRoom(room, { locked: true, capacity: null });
    await refused(dan.joinRoom(room, { password: 'opal' }), 'room-locked');
    const info = await ben.roomInfo(room);
    assert.deepEqual(info.owners, [ada.id]);
    assert.deepEqual(info.peers, [ada.id, ben.id, cleo.id]);
    assert.equal(info.locked, true);
    await refused(ben.updateRoom(room, { locked: false }), 'not-owner');
  });

  test('asks a member to mute, if it owns the room', async () => {
    const { room, everybody } = await meet('Ada', 'Ben');
    const [ada, ben] = everybody;
    const asked = next(ben, 'room-mute');
    await ada.requestMute(room, ben.id, 'video');
    assert.deepEqual(await asked, { room, peerId: ada.id, kind: 'video' });
    await refused(ben.requestMute(room, ada.id, 'audio'), 'not-owner');
    await refused(ada.requestMute(room, ada.id, 'audio'), 'invalid-arguments');
    await refused(ada.requestMute(room, 'nobody', 'audio'), 'peer-not-in-room');
  });

  test('leaves a room, and sends others out of it', async () => {
    const { room, everybody } = await meet('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everybody;
    const kicked = next(ben, 'room-kick');
    const seen = next(cleo, 'room-user-leave');
    await ada.kick(room, ben.id, { ban: true });
    assert.equal((await kicked).peerId, ben.id);
    assert.equal((await seen).peerId, ben.id);
    assert.deepEqual([...ben.rooms], []);
    await refused(ben.joinRoom(room), 'banned');
    const owner = next(cleo, 'room-owner-change');
    await ada.leaveRoom(room);
    assert.equal((await owner).peerId, cleo.id);
    assert.deepEqual([...ada.rooms], []);
    await refused(ada.roomInfo(room), 'not-in-room');
  });

  test('enters a room whether it is there or not, also when two do so at once', async () => {
    const signals = await Promise.all(['Ada', 'Ben'].map((name) => connect(name)));
    for (const signal of signals) {
      letEverybodyIn(signal);
    }
    const room = freshRoom();
    const results = await Promise.all(signals.map((signal) => signal.enterRoom(room)));
    assert.deepEqual(results.map(({ created }) => created).sort(), [false, true]);
  });

  test('tells others something else of itself', async () => {
    const { room, everybody } = await meet('Ada', 'Ben');
    const [ada, ben] = everybody;
    await ada.setPeerinfo({ name: 'Ada Lovelace' });
    await refused(ada.setPeerinfo({ name: 'A'.repeat(5000) }), 'peerinfo-too-large');
    const message = next(ben, 'message');
    await ada.sendMessage(room, 1);
    assert.deepEqual((await message).peerinfo, { name: 'Ada Lovelace' });
  });

  test('has the ICE servers of the server', async () => {
    const signal = await connect('Ada');
    const [{ urls }] = await signal.iceServers();
    assert.deepEqual([urls].flat(), ['stun:stun.example.org']);
  });

  test('comes back by itself as the same peer, and loses no relay meanwhile', async (t) => {
    const wire = await wireTo(t, server);
    const ada = await connect('Ada');
    const ben = await connect('Ben', { url: wire.url });
    const room = await ada.createRoom(freshRoom());
    letEverybodyIn(ada);
    await ben.joinRoom(room);
    const { id } = ben;
    const lost = within(
      ben.once('state', ({ state }) => state === 'reconnecting'),
      'the loss',
    );
    wire.cut();
    await lost;
    const heard = [];
    ada.on('ice-candidate', ({ iceCandidate }) => heard.push(iceCandidate.candidate));
    const missed = [];
    ben.on('ice-candidate', ({ iceCandidate }) => missed.push(iceCandidate.candidate));
    const numbers = Array.from({ length: 20 }, (_, number) => String(number));
    const sent = numbers.flatMap((candidate) => [
      ben.sendCandidate(room, ada.id, { candidate }),
      ada.sendCandidate(room, ben.id, { candidate }),
    ]);
    wire.mend();
    await within(
      ben.once('state', ({ state }) => state === 'resumed'),
      'the resumption',
    );
    await within(Promise.all(sent), 'all relays');
    await eventually(() => missed.length === 20 && heard.length === 20, 'all arrive');
    assert.deepEqual([heard, missed], [numbers, numbers]);
    assert.equal(ben.id, id);
    assert.deepEqual([...ben.rooms], [room]);
  });

  test('enters its rooms again after the server was restarted', async (t) => {
    const first = await serve(t);
    const wire = await wireTo(t, first);
    const room = freshRoom();
    const signals = [];
    for (const name of ['Ada', 'Ben']) {
      const signal = await connect(name, { url: wire.url });
      letEverybodyIn(signal);
      await signal.enterRoom(room);
      signals.push(signal);
    }
    const cleo = await connect('Cleo', { url: wire.url, rejoin: false });
    await cleo.joinRoom(room);
    const cleoIsBack = within(
      cleo.once('state', ({ state }) => state === 'reset'),
      'Cleo is back',
    );
    const ids = signals.map(({ id }) => id);
    const back = signals.map((signal) => within(signal.once('rejoin'), 'coming back'));
    await first.stop();
    wire.server = await serve(t);
    const results = await Promise.all(back);
    assert.deepEqual(results.map(({ created }) => created).sort(), [false, true]);
    assert.ok(signals.every(({ id }, index) => id !== ids[index]));
    for (const signal of signals) assert.deepEqual([...signal.rooms], [room]);
    await cleoIsBack;
    assert.deepEqual([...cleo.rooms], [], 'who does not want to come in again does not');
  });

  test('makes its room again on a server without recovery that has not noticed the loss', async (t) => {
    const wire = await wireTo(t, await serve(t, { env: { RECOVERY_WINDOW: 0 } }));
    const ada = await connect('Ada', { url: wire.url });
    const room = await ada.createRoom(freshRoom());
    const { id } = ada;
    const back = within(ada.once('rejoin'), 'coming back');
    wire.dropNearSide();
    const { created } = await back;
    assert.equal(created, true);
    assert.notEqual(ada.id, id);
    assert.deepEqual((await ada.roomInfo(room)).peers, [ada.id]);
  });
});

describe('a signal that sends more than the server takes at a time', () => {
  const server = useServer({ env: { EVENTS_PER_SECOND: 20, EVENTS_BURST: 20 } });

  test('loses no relay', async () => {
    const { Signal } = await (await modules())('index');
    const options = { token: await server.appToken() };
    const [ada, ben] = await Promise.all([1, 2].map(() => Signal.connect(server.url, options)));
    const room = await ada.createRoom();
    await ada.updateRoom(room, { admission: 'open' });
    await ben.joinRoom(room);
    const heard = new Set();
    ben.on('ice-candidate', ({ iceCandidate }) => heard.add(iceCandidate.candidate));
    const numbers = Array.from({ length: 40 }, (_, number) => String(number));
    const sent = numbers.map((candidate) => ada.sendCandidate(room, ben.id, { candidate }));
    await within(Promise.all(sent), 'all relays');
    await eventually(() => heard.size === numbers.length, 'all arrive');
    for (const signal of [ada, ben]) signal.close();
  });
});
