// docs/emitter.md, "What reaches whom": what the real @socket.io/redis-emitter publishes reaches
// the peers it is meant for, and no others.
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Emitter } from '@socket.io/redis-emitter';
import { Redis } from 'ioredis';
import { eventually, within } from '../support/patience.mjs';
import { run } from '../support/program.mjs';
import { redisFor } from '../support/redis.mjs';
import { assertOk, createRoom, freshRoom, meeting } from '../support/rooms.mjs';
import { password, secret } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { clusterFor, lookOutFor, reconnecting, useCluster } from './nodes.mjs';

const on = { REDIS_EMITTER: 'on' };
const channel = 'socket.io#/#';

/** A back end of somebody else, which knows nothing of Heliograph but its Redis. */
class BackEnd {
  #bells = 0;

  /** `options`: of the emitter. */
  async connect(redis, options) {
    this.redis = new Redis(redis.port, redis.host, { retryStrategy: null });
    this.redis.on('error', () => {}); // Where Redis ends first.
    await within(once(this.redis, 'ready'), 'Redis is there');
    this.io = new Emitter(this.redis, options);
    return this;
  }

  close() {
    this.redis.disconnect();
  }

  /** How many nodes hear what it publishes. */
  listeners() {
    return this.redis.publish(channel, 'nothing that anybody takes');
  }

  /** Each of them hears one more event, and so has heard all that was emitted before. */
  async ring(...peers) {
    this.#bells += 1;
    this.io.emit('bell', this.#bells);
    for (const peer of peers) while ((await peer.next('bell')) !== this.#bells);
  }

  /** Asserts that each of them has got exactly one event, and the others none. */
  async reached(event, value, peers, others) {
    for (const peer of peers) assert.deepEqual(await peer.next(event), value);
    await this.ring(...peers, ...others);
    for (const peer of [...peers, ...others]) assert.deepEqual(peer.unread(event), []);
  }
}

/** In a `describe`, after its cluster. */
function useBackEnd(cluster, options) {
  const backEnd = new BackEnd();
  before(() => backEnd.connect(cluster.redis, options));
  after(() => backEnd.close());
  return backEnd;
}

async function backEndFor(t, redis) {
  const backEnd = await new BackEnd().connect(redis);
  t.after(() => backEnd.close());
  return backEnd;
}

for (const size of [1, 2]) {
  describe(`events of another back end, over ${size} ${size === 1 ? 'node' : 'nodes'}`, () => {
    const cluster = useCluster({ size, env: on });
    const backEnd = useBackEnd(cluster);

    it('reach the members of a room, on every node', async () => {
      const [one, two, three, outsider, stranger] = await cluster.peers(5);
      const room = await meeting(one, two, three);
      await createRoom(outsider);
      backEnd.io.to(room).emit('news', { n: 1.5, text: 'ü "\n' });
      const value = { n: 1.5, text: 'ü "\n' };
      await backEnd.reached('news', value, [one, two, three], [outsider, stranger]);
    });

    it('reach nobody if the room has no members', async () => {
      const peers = await cluster.peers(3);
      backEnd.io.to(freshRoom()).emit('news', 1);
      backEnd.io.to(['', 'no such room']).emit('news', 1);
      await backEnd.reached('news', 1, [], peers);
    });

    it('reach one peer by its id, in a room or not', async () => {
      const [one, two, ...others] = await cluster.peers(4);
      await meeting(one, two);
      for (const peer of [one, two, others[0], others[1]]) {
        backEnd.io.to(peer.id).emit('for you', peer.id);
        const rest = [one, two, ...others].filter((other) => other !== peer);
        await backEnd.reached('for you', peer.id, [peer], rest);
      }
    });

    it('reach all clients that are connected', async () => {
      const peers = await cluster.peers(4);
      await meeting(peers[0], peers[1]);
      const unknown = await cluster.nodes[0].connect();
      const old = await cluster.nodes[size - 1].peer({ client: 'v3' });
      const polling = await cluster.nodes[0].peer({ transports: ['polling'] });
      backEnd.io.emit('news', ['to all']);
      await backEnd.reached('news', ['to all'], [...peers, unknown, old, polling], []);
    });

    it('leave out the rooms and peers that are excepted', async () => {
      const [one, two, three, four] = await cluster.peers(4);
      const room = await meeting(one, two, three);
      const other = await meeting(two, four);
      backEnd.io.to(room).except(other).emit('news', 1);
      await backEnd.reached('news', 1, [one, three], [two, four]);
      backEnd.io.except([room, freshRoom()]).emit('news', 2);
      await backEnd.reached('news', 2, [four], [one, two, three]);
      backEnd.io.to(room).except(one.id).except(two.id).emit('news', 3);
      await backEnd.reached('news', 3, [three], [one, two, four]);
    });

    it('reach a peer once, however often it is meant', async () => {
      const [one, two, three, four] = await cluster.peers(4);
      const first = await meeting(one, two);
      const second = await meeting(two, three);
      backEnd.io.to(first).to([second, first]).to(two.id).emit('news', 1);
      await backEnd.reached('news', 1, [one, two, three], [four]);
    });

    it('carry binary data', async () => {
      const [one, two] = await cluster.peers(2);
      const room = await meeting(one, two);
      const value = {
        small: Buffer.from([0, 255]),
        rest: [Buffer.alloc(0), 'between', { large: randomBytes(30_000) }],
      };
      backEnd.io.to(room).emit('file', value);
      await backEnd.reached('file', value, [one, two], []);
      backEnd.io.emit('file', Uint8Array.of(1, 2, 3));
      await backEnd.reached('file', Buffer.of(1, 2, 3), [one, two], []);
    });

    it('have the arguments that they were emitted with', async () => {
      const [peer] = await cluster.peers(1);
      const values = [
        [],
        [null, true, false, ''],
        [0, -1, 127, 128, -32, -33, 255, 256, 65536, -65537, 2 ** 32, -(2 ** 33), 2 ** 53 - 1],
        [0.1, -1.5, 1e-7, 1e-300, 5e-324],
        [[], {}, [[[]]], { 'a "key"': { '': [1] } }],
        ['😀 \u0000 \u2028 \\', 'x'.repeat(300)],
      ];
      for (const args of values) {
        const heard = new Promise((resolve) => peer.socket.once('args', (...all) => resolve(all)));
        backEnd.io.to(peer.id).emit('args', ...args);
        assert.deepEqual(await within(heard, 'the event'), args);
      }
      const date = new Date('2026-11-25T23:13:52.493Z');
      const value = { date, infinite: [Infinity, NaN], none: undefined, minus: -0 };
      backEnd.io.to(peer.id).emit('news', value);
      // Values that msgpack cannot hold become null, as on a server of Socket.IO.
      const json = { date: date.toISOString(), infinite: [null, null], minus: 0 };
      assert.deepEqual(await peer.next('news'), json);
    });

    it('come in the order in which they were emitted', async () => {
      const peers = await cluster.peers(3);
      const room = await meeting(...peers);
      const total = 500;
      for (let n = 0; n < total; n += 1) {
        if (n % 2) backEnd.io.to(room).emit('count', n);
        else backEnd.io.emit('count', n);
      }
      for (const peer of peers) {
        for (let n = 0; n < total; n += 1) assert.equal(await peer.next('count'), n);
      }
    });

    it('reach no peer that has left the room, was kicked or only asks', async () => {
      const [owner, leaver, kicked, candidate] = await cluster.peers(4);
      const room = await meeting(owner, leaver, kicked);
      assertOk(await candidate.ask('room-join-request', { room }));
      assertOk(await leaver.ask('room-leave-request', { room }));
      assertOk(await owner.ask('room-kick-request', { room, peer_id: kicked.id }));
      await kicked.next('room-kick');
      backEnd.io.to(room).emit('news', 1);
      await backEnd.reached('news', 1, [owner], [leaver, kicked, candidate]);
    });

    it('meant for a peer reach nobody in a room that is named like its id', async () => {
      const [victim, thief] = await cluster.peers(2);
      await createRoom(thief, victim.id);
      backEnd.io.to(victim.id).emit('secret', 1);
      await backEnd.reached('secret', 1, [victim], [thief]);
    });

    it('are kept for a peer whose connection is broken', async (t) => {
      const node = cluster.nodes[size - 1];
      const wire = await wireTo(t, node);
      const away = await node.peer({ url: wire.url, recovery: true, ...reconnecting });
      const [here] = await cluster.peers(1);
      const room = await meeting(here, away);
      const { id } = away;
      await backEnd.ring(away);
      const isBack = lookOutFor(away);
      wire.cut();
      backEnd.io.to(room).emit('news', { missed: Buffer.from('it') });
      backEnd.io.to(id).emit('more', 2);
      await backEnd.ring(here);
      wire.mend();
      await isBack();
      assert.equal(away.id, id);
      assert.deepEqual(await away.next('news'), { missed: Buffer.from('it') });
      assert.equal(await away.next('more'), 2);
    });

    it('of other namespaces, and requests to servers, do nothing', async () => {
      const [one, two] = await cluster.peers(2);
      const room = await meeting(one, two);
      backEnd.io.of('/chat').emit('news', 1);
      backEnd.io.of('/chat').to(room).emit('news', 1);
      backEnd.io.serverSideEmit('news', 1);
      backEnd.io.socketsJoin('elsewhere');
      backEnd.io.to(room).socketsLeave(room);
      backEnd.io.disconnectSockets(true);
      backEnd.io.to('elsewhere').emit('news', 1);
      await backEnd.reached('news', 1, [], [one, two]);
      backEnd.io.to(room).emit('news', 2);
      await backEnd.reached('news', 2, [one, two], []);
    });

    it('that are none disturb nobody', async () => {
      const peers = await cluster.peers(4);
      const room = await meeting(...peers);
      for (const message of rubbish()) {
        assert.equal(await backEnd.redis.publish(channel, message), size);
        assert.equal(await backEnd.redis.publish(`${channel}${room}#`, message), size);
      }
      for (const name of ['', 5, null, ['a']]) backEnd.io.emit(name, 1);
      backEnd.io.emit('file', Buffer.from('x'), { _placeholder: true, num: 7 });
      backEnd.io.emit('large', 'x'.repeat(70_000));
      backEnd.io.emit('large', Buffer.alloc(70_000));
      backEnd.io.emit('huge', Buffer.alloc(20_000_000));
      backEnd.io.to(null).emit('news', 0);
      backEnd.io.to(room).emit('news', 1);
      await backEnd.reached('news', 1, peers, []);
      for (const peer of peers) {
        for (const event of ['file', 'large', 'huge']) assert.deepEqual(peer.unread(event), []);
        assert.ok(peer.socket.connected);
      }
      for (const node of cluster.nodes) assert.match(node.logs(), /emitter: dropped/);
    });
  });
}

function* rubbish() {
  const event = (data) => [
    ...Buffer.from([0x93, 0xa1, 0x65, 0x83, 0xa4]),
    ...Buffer.from('type'),
    0x02,
    0xa4,
    ...Buffer.from('data'),
    ...data,
    0xa3,
    ...Buffer.from('nsp'),
    0xa1,
    0x2f,
    0x80,
  ];
  yield '';
  yield 'news';
  yield '{"type":2,"data":["news",1],"nsp":"/"}';
  yield randomBytes(2000);
  yield Buffer.alloc(100_000, 0x91);
  yield Buffer.alloc(100_000, 0xc1);
  yield Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]);
  yield Buffer.from(event([0xa4, ...Buffer.from('news')]));
  yield Buffer.from(event([0x91, 0xaa, ...Buffer.from('disconnect')]));
  yield Buffer.from(event([0x92, 0xa4, ...Buffer.from('news'), 0xa2, 0xff, 0xff]));
  const good = event([0x92, 0xa4, ...Buffer.from('news'), 0x00]);
  for (let size = 0; size < good.length; size += 1) yield Buffer.from(good.slice(0, size));
}

describe('whether a node hears emitters', () => {
  it('it does not unless it is told to', async (t) => {
    const cluster = await clusterFor(t);
    const backEnd = await backEndFor(t, cluster.redis);
    const peers = await cluster.peers(2);
    backEnd.io.emit('news', 1);
    backEnd.io.to(peers[0].id).emit('news', 1);
    assert.equal(await backEnd.listeners(), 0);
    for (const peer of peers) await peer.expectNone('news');
  });

  it('each node is told by itself', async (t) => {
    const cluster = await clusterFor(t, { size: 1 });
    await cluster.add(on);
    const backEnd = await backEndFor(t, cluster.redis);
    const [deaf, hearing] = await cluster.peers(2);
    const room = await meeting(deaf, hearing);
    backEnd.io.to(room).emit('news', 1);
    await backEnd.reached('news', 1, [hearing], []);
    await deaf.expectNone('news', 'bell');
  });

  it('by the key that the emitter has', async (t) => {
    const env = { ...on, REDIS_EMITTER_KEY: 'my-app' };
    const cluster = await clusterFor(t, { env });
    const other = await backEndFor(t, cluster.redis);
    const backEnd = await new BackEnd().connect(cluster.redis, { key: 'my-app' });
    t.after(() => backEnd.close());
    const peers = await cluster.peers(2);
    other.io.emit('news', 1);
    backEnd.io.emit('news', 2);
    await backEnd.reached('news', 2, peers, []);
  });

  /** Asserts that a node does not start, and says why. */
  async function assertRefuses(env, why) {
    const secrets = { APP_SECRET: secret, APP_PASS: password };
    const args = ['--host', '127.0.0.1', '--port', '0'];
    const { code, output } = await run('heliograph', args, { env: { ...secrets, ...env } });
    assert.equal(code, 1, output);
    assert.match(output, why);
  }

  it('it needs a Redis for that', () =>
    assertRefuses(on, /REDIS_EMITTER is on and REDIS_URL is not set/));

  it('it needs the right to listen there', async (t) => {
    const user = ['--user', 'node', 'on', '>geheim', '~*', '+@all', 'resetchannels'];
    const redis = await redisFor(t, user);
    const url = `redis://node:geheim@${redis.host}:${redis.port}`;
    await assertRefuses({ ...on, REDIS_URL: url }, /cannot listen to emitters at Redis .*NOPERM/);
  });
});

describe('a connection to Redis that is lost', () => {
  const lost = /emitter: Redis cannot be reached/;

  for (const [trouble, begin, end] of [
    ['breaks', (wire) => wire.cut(), (wire) => wire.mend()],
    ['stalls', (wire) => wire.stall(), (wire) => wire.flow()],
  ]) {
    it(`and ${trouble} is made again, and events come again`, async (t) => {
      const cluster = await clusterFor(t, { env: on, wired: true });
      const backEnd = await backEndFor(t, cluster.redis);
      const peers = await cluster.peers(4);
      const room = await meeting(...peers);
      await backEnd.ring(...peers);
      for (const wire of cluster.wires) begin(wire);
      for (const node of cluster.nodes) {
        await eventually(() => lost.test(node.logs()), 'the node notices it');
      }
      for (const wire of cluster.wires) end(wire);
      let isHeard = 0;
      for (const peer of peers) peer.socket.once('again', () => (isHeard += 1));
      const isHeardByAll = () => {
        backEnd.io.to(room).emit('again', 1);
        return isHeard === peers.length;
      };
      await eventually(isHeardByAll, 'all hear events again');
      backEnd.io.to(room).emit('news', 1);
      await backEnd.reached('news', 1, peers, []);
    });
  }
});
