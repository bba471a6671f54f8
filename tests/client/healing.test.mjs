import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { freshRoom } from '../support/rooms.mjs';
import { serve, useServer } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { useLaboratory } from './laboratory.mjs';

const media = { audio: false };
/** The next attempt comes soon. */
const signal = { socket: { reconnectionDelay: 100, reconnectionDelayMax: 300 } };

describe('a call whose way to the server breaks', () => {
  const server = useServer();
  const laboratory = useLaboratory();

  /** Everybody in one room, each by a wire of their own. */
  async function callByWire(t, names, target = server) {
    const lab = await laboratory.open();
    const room = freshRoom();
    const byName = {};
    for (const name of names) {
      const wire = await wireTo(t, target);
      byName[name] = wire;
      await lab.enter(target, room, name, { url: wire.url, media, signal });
    }
    await lab.areConnected(...names);
    await lab.allSeeAll(...names);
    return { lab, room, wires: byName };
  }

  const isIn = (lab, name, state) =>
    lab.until(([name, state]) => lab.people[name].signal.state === state, [name, state]);

  const idOf = (lab, name) => lab.run((name) => lab.people[name].signal.id, name);

  const eventsOf = (lab, name, ...events) =>
    lab.run(
      ([name, events]) =>
        lab.people[name].log.map(({ event }) => event).filter((event) => events.includes(event)),
      [name, events],
    );

  test('goes on, and is resumed with the same peer id and room', async (t) => {
    const { lab, room, wires } = await callByWire(t, ['Ada', 'Ben']);
    const id = await idOf(lab, 'Ben');
    await lab.run(() => (lab.peerOf('Ada', 'Ben').connection.isTheFirst = true));
    wires.Ben.cut();
    await isIn(lab, 'Ben', 'reconnecting');
    await lab.allSeeAll('Ada', 'Ben');
    await lab.run(() => lab.people.Ada.call.publish(lab.madeUpMedia({ audio: false }), 'screen'));
    wires.Ben.mend();
    await isIn(lab, 'Ben', 'resumed');
    assert.equal(await idOf(lab, 'Ben'), id);
    await lab.sees('Ben', 'Ada', 'screen');
    await lab.run((room) => lab.people.Ben.signal.sendMessage(room, 'still here'), room);
    await lab.areConnected('Ada', 'Ben');
    assert.equal(await lab.run(() => lab.peerOf('Ada', 'Ben').connection.isTheFirst), true);
    assert.deepEqual(await eventsOf(lab, 'Ada', 'peer-left', 'peer-renamed'), []);
  });

  // Long because it follows one call through the crash and beyond.
  test('outlives a server that crashes: the same connections, under new ids', async (t) => {
    const first = await serve(t);
    const names = ['Ada', 'Ben', 'Cleo'];
    const { lab, wires } = await callByWire(t, names, first);
    await lab.run((names) => {
      for (const person of names) {
        for (const { connection } of lab.people[person].call.peers.values()) {
          connection.isTheFirst = true;
        }
      }
    }, names);
    const ids = await Promise.all(names.map((name) => idOf(lab, name)));
    first.program.signal('SIGKILL');
    await first.program.exit();
    for (const name of names) await isIn(lab, name, 'reconnecting');
    await lab.allSeeAll(...names);

    const second = await serve(t);
    for (const wire of Object.values(wires)) wire.server = second;
    for (const name of names) await isIn(lab, name, 'reset');
    await lab.until(
      ([names, ids]) =>
        names.every((name) =>
          [...lab.people[name].call.peers.keys()].every((id) => !ids.includes(id)),
        ),
      [names, ids],
    );
    await lab.areConnected(...names);
    await lab.run(() => {
      lab.people.Cleo.call.publish(lab.madeUpMedia({ audio: false }), 'screen');
    });
    await lab.sees('Ada', 'Cleo', 'screen');
    await lab.sees('Ben', 'Cleo', 'screen');
    await lab.allSeeAll(...names);
    for (const name of names) {
      const areTheFirst = (name) => {
        const peers = [...lab.people[name].call.peers.values()];
        return peers.every(({ connection }) => connection.isTheFirst);
      };
      assert.ok(await lab.run(areTheFirst, name), `${name} keeps the connections`);
      const told = await eventsOf(lab, name, 'peer-left', 'peer-renamed', 'stream-removed');
      assert.deepEqual(told, ['peer-renamed', 'peer-renamed'], name);
    }
  });
});

describe('a call on a server that forgets at once who is cut off', () => {
  const server = useServer({ env: { RECOVERY_WINDOW: 0 } });
  const laboratory = useLaboratory();

  for (const lost of ['Ada', 'Ben']) {
    test(`takes ${lost} in again, as somebody new`, async (t) => {
      const lab = await laboratory.open();
      const room = freshRoom();
      const wire = await wireTo(t, server);
      for (const name of ['Ada', 'Ben', 'Cleo']) {
        const url = name === lost ? wire.url : server.url;
        await lab.enter(server, room, name, { url, media, signal });
      }
      await lab.areConnected('Ada', 'Ben', 'Cleo');
      const id = await lab.run((lost) => lab.people[lost].signal.id, lost);
      wire.cut();
      await lab.until(
        ([lost, id]) =>
          Object.entries(lab.people).every(
            ([name, { call }]) => name === lost || !call.peers.has(id),
          ),
        [lost, id],
      );
      wire.mend();
      await lab.until((lost) => lab.people[lost].signal.state === 'reset', lost);
      await lab.areConnected('Ada', 'Ben', 'Cleo');
      await lab.allSeeAll('Ada', 'Ben', 'Cleo');
      const owners = await lab.run(() =>
        Object.values(lab.people).map(({ call }) => [...call.owners].join()),
      );
      assert.equal(new Set(owners).size, 1, 'all know the same owner');
      assert.notEqual(owners[0], id);
    });
  }
});
