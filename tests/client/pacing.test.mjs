import { afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { within } from '../support/patience.mjs';
import { freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { modules } from './build.mjs';
import { useLaboratory } from './laboratory.mjs';

const kOthers = 30;

describe('somebody who joins a room of 30, on a server with small budgets', () => {
  const server = useServer({
    env: {
      TOTAL_EVENTS_BURST: 100,
      TOTAL_EVENTS_PER_SECOND: 250,
      RELAY_BYTES_BURST: 3000,
      RELAY_BYTES_PER_SECOND: 10_000,
      LOG_LEVEL: 'debug',
    },
  });
  const signals = [];
  let Signal;

  before(async () => {
    ({ Signal } = await (await modules())('index'));
  });
  afterEach(() => {
    for (const signal of signals.splice(0)) signal.close();
  });

  async function arrive() {
    const signal = await Signal.connect(server.url, { token: await server.appToken() });
    signals.push(signal);
    return signal;
  }

  /** The messages that the signal gets, in order; `all` resolves when there are so many. */
  function collect(signal, count) {
    const heard = [];
    const all = new Promise((resolve) => {
      const add = (what) => heard.push(what) === count && resolve(heard);
      signal.on('session-description', ({ sessionDescription }) => add(sessionDescription.sdp));
      signal.on('ice-candidate', ({ iceCandidate }) => add(iceCandidate.candidate));
      signal.on('message', ({ data }) => add(data));
    });
    return within(all, () => `${count} of ${heard.length}`);
  }

  test('loses no description, candidate or message to them, and keeps their order', async () => {
    const owner = await arrive();
    const room = await owner.createRoom(freshRoom());
    await owner.updateRoom(room, { admission: 'open' });
    const others = [owner];
    while (others.length < kOthers) {
      const other = await arrive();
      await other.joinRoom(room);
      others.push(other);
    }
    const newcomer = await arrive();
    await newcomer.joinRoom(room);
    // Relays that are under way at the first refusal may overtake the refused one. Later ones wait.
    const arrived = collect(owner, 150);
    const first = Array.from({ length: 150 }, () =>
      newcomer.sendCandidate(room, owner.id, { candidate: 'first' }),
    );
    await within(Promise.all(first), 'the first ones');
    await arrived;
    const states = [];
    newcomer.on('state', ({ state }) => states.push(state));
    const numbers = Array.from({ length: 30 }, (_, number) => `candidate ${number}`);
    const said = ['offer', ...numbers, 'hello'];
    const heard = others.map((other) => collect(other, said.length));
    const sent = others.flatMap(({ id }) => [
      newcomer.sendDescription(room, id, { type: 'offer', sdp: 'offer' }),
      ...numbers.map((candidate) => newcomer.sendCandidate(room, id, { candidate })),
      newcomer.sendMessage(room, 'hello', { to: id }),
    ]);
    await within(Promise.all(sent), 'all are taken');
    for (const each of await Promise.all(heard)) assert.deepEqual(each, said);
    assert.deepEqual(states, [], 'it stays connected');
    assert.match(server.logs(), /rate-limited/, 'the budgets are too small for all at once');
  });
});

describe('a call on a server with small budgets', () => {
  const env = { RELAY_BYTES_BURST: 1000, RELAY_BYTES_PER_SECOND: 10_000, LOG_LEVEL: 'debug' };
  const server = useServer({ env });
  const laboratory = useLaboratory();

  test('connects everybody', async () => {
    const lab = await laboratory.open();
    const room = freshRoom();
    const names = ['Ada', 'Ben', 'Cleo'];
    for (const name of names) await lab.enter(server, room, name);
    await lab.areConnected(...names);
    await lab.allSeeAll(...names);
    assert.match(server.logs(), /rate-limited/, 'the budgets are too small for all at once');
  });
});
