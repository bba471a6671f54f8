import { after, afterEach, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually, patience, within } from '../support/patience.mjs';
import { run } from '../support/program.mjs';
import { RedisServer } from '../support/redis.mjs';
import { assertOk, createRoom } from '../support/rooms.mjs';
import { password, secret, Server } from '../support/server.mjs';
import { Wire } from '../support/wire.mjs';

/** All nodes are the same one, without Redis: to prove the tests themselves. */
export const alone = process.env.HELIOGRAPH_TEST_ALONE === '1';

/**
 * Milliseconds. All times of a cluster follow from its lease. This one outlasts any stall: a
 * request waits for Redis for a quarter of it, which is a third of what a test waits for an answer.
 */
export const longLease = (4 / 3) * patience;
/** One that is soon over, for tests about time: the loss of a node, or of Redis, is noticed. */
export const shortLease = patience / 15;

/** The settings of a node that follow from the lease, as the defaults do. */
export const timesOf = (lease) => ({
  CLUSTER_HEARTBEAT: lease / 10,
  CLUSTER_LEASE: lease,
  CLUSTER_PATIENCE: lease / 4,
});

/** A real Redis and nodes that are one service over it. */
export class Cluster {
  #options;
  redis = null;
  nodes = [];
  /** With `wired`, the way of each node to Redis. */
  wires = [];

  /**
   * `size`: how many nodes; `env`: settings of all; `wired`: each has its own wire to Redis;
   * `lease`: in milliseconds; `dev`: in development mode; `redis`: options of the Redis server.
   */
  constructor(options = {}) {
    this.#options = { size: 2, env: {}, wired: false, lease: longLease, dev: false, ...options };
  }

  async start() {
    const { size, redis } = this.#options;
    if (!alone) this.redis = await new RedisServer(redis).start();
    try {
      while (this.nodes.length < size) await this.add();
    } catch (error) {
      await this.abandon();
      throw error;
    }
    return this;
  }

  /** One more node; `env`: settings of its own. */
  async add(env = {}) {
    if (alone && this.nodes.length > 0) return this.#keep(this.nodes[0]);
    const { lease, dev } = this.#options;
    const cluster = alone ? {} : { REDIS_URL: await this.#wayToRedis(), ...timesOf(lease) };
    const all = { ...cluster, ...this.#options.env, ...env };
    return this.#keep(await new Server({ env: all, dev }).start());
  }

  #keep(node) {
    this.nodes.push(node);
    return node;
  }

  async #wayToRedis() {
    if (!this.#options.wired) return this.redis.url;
    const wire = await Wire.to(this.redis);
    this.wires.push(wire);
    return `redis://${wire.host}:${wire.port}`;
  }

  /** Peers on the nodes in turn: the first on the first node, the second on the second, … */
  peers(count, options) {
    const onNode = (_, index) => this.nodes[index % this.nodes.length].peer(options);
    return Promise.all(Array.from({ length: count }, onNode));
  }

  /** The node ends without a word, and is none of ours from now on. */
  async kill(node) {
    this.#forget(node);
    node.program.signal('SIGKILL');
    await node.program.exit();
  }

  /** The node is told to end, and does so in order; resolves when it has. */
  terminate(node) {
    this.#forget(node);
    return node.program.stop();
  }

  #forget(node) {
    this.nodes = this.nodes.filter((other) => other !== node);
  }

  /** Somebody on each node who is in no room, and hears all that comes. */
  async strangers() {
    const peers = await Promise.all(this.nodes.map((node) => node.peer()));
    return new Strangers(this, peers);
  }

  disconnectPeers() {
    for (const node of this.nodes) node.disconnectPeers();
  }

  /** Requires that every node that was not ended on purpose still runs, and ends in order. */
  async stop() {
    const nodes = [...new Set(this.nodes)];
    try {
      for (const node of nodes) {
        node.program.signal('SIGCONT');
        assert.ok(node.program.running, `a node has ended by itself\n${node.logs()}`);
      }
      await Promise.all(nodes.map((node) => node.stop()));
    } finally {
      await this.abandon();
    }
  }

  async abandon() {
    for (const node of this.nodes) if (node.program.running) node.program.signal('SIGKILL');
    for (const wire of this.wires) await wire.close();
    await this.redis?.stop();
  }
}

/** Peers that have nothing to do with any room under test. */
class Strangers {
  #cluster;
  #peers;
  #heard = [];

  constructor(cluster, peers) {
    this.#cluster = cluster;
    this.#peers = peers;
    for (const { socket } of peers) {
      socket.onAny((event, value) => this.#heard.push([event, value]));
    }
  }

  get #present() {
    return this.#peers.filter(({ socket }) => socket.connected);
  }

  /** Asserts that they have heard nothing, after all that could have come from any node did. */
  async heardNothing() {
    const bells = new Set();
    for (const node of this.#cluster.nodes) bells.add(await this.#ring(node));
    const others = this.#heard.filter(([, value]) => !bells.has(value?.room));
    assert.deepEqual(others, [], 'who is not in the room hears nothing of it');
  }

  /** Somebody on the node says a word to all; what it said before has arrived when that has. */
  async #ring(node) {
    const ringer = await node.peer();
    const room = await createRoom(ringer);
    assertOk(await ringer.ask('room-update-request', { room, admission: 'open' }));
    for (const peer of this.#present) {
      assertOk(await peer.ask('room-join-request', { room }));
      await peer.next('room-join-accept');
      await ringer.next('room-user-join');
    }
    assertOk(await ringer.ask('relay-message', { room, data: 'bell' }));
    await Promise.all(this.#present.map((peer) => peer.next('message')));
    return room;
  }
}

/**
 * In a `describe`: a cluster that starts before its tests, forgets its peers after each, and stops
 * after all.
 */
export function useCluster(options) {
  const cluster = new Cluster(options);
  before(() => cluster.start());
  afterEach(() => cluster.disconnectPeers());
  after(() => cluster.stop());
  return cluster;
}

/** A cluster of the test's own, which ends with it. */
export async function clusterFor(t, options) {
  const cluster = new Cluster(options);
  t.after(() => cluster.stop());
  return cluster.start();
}

/** A member's description of the room, as the server answers it. */
export async function infoOf(member, room) {
  const answer = await member.ask('room-info-request', { room });
  assertOk(answer);
  return answer;
}

/** Asserts that all of them agree on who owns the room, and who is in it (in any order). */
export async function assertRoom(room, { owners, peers }, members = peers) {
  const ids = (all) => all.map((peer) => peer.id ?? peer).sort();
  for (const member of members) {
    const info = await infoOf(member, room);
    assert.deepEqual(
      { owners: info.owners.sort(), peers: info.peers.sort() },
      { owners: ids(owners), peers: ids(peers) },
    );
  }
}

/** Each has heard once that each of these has left, and of nobody else's leaving. */
export async function haveHeardOfLeaving(members, room, ids) {
  for (const member of members) {
    const left = [];
    while (left.length < ids.length) {
      const { peer_id, ...rest } = await member.next('room-user-leave');
      assert.deepEqual(rest, { room });
      left.push(peer_id);
    }
    assert.deepEqual(left.sort(), [...ids].sort());
    await member.expectNone('room-user-leave');
  }
}

/** Asserts that a node does not start, and says why in one line; returns that. */
export async function refusal(env) {
  const args = ['--host', '127.0.0.1', '--port', '0', '--log-format', 'json'];
  const { code, signal, output, errorLines } = await run('heliograph', args, {
    env: { APP_SECRET: secret, APP_PASS: password, ...env },
  });
  assert.deepEqual({ code, signal }, { code: 1, signal: null }, output);
  assert.doesNotMatch(output, /"listening"/);
  const lines = errorLines.filter((line) => line && !line.startsWith('{'));
  assert.equal(lines.length, 1, `one line, not: ${output}`);
  return lines[0];
}

/** Clients that come back by themselves, as the default is, but sooner. */
export const reconnecting = {
  reconnection: true,
  reconnectionDelay: 10,
  reconnectionDelayMax: 50,
};

/** Begins to look out for the next connection of each; the function returned waits for all. */
export function lookOutFor(...peers) {
  const back = peers.map((peer) => new Promise((resolve) => peer.socket.once('connect', resolve)));
  return () => within(Promise.all(back), 'the clients come back');
}

/** Reads on to an event of this name that is the one. */
export async function receives(peer, event, isTheOne) {
  while (!isTheOne(await peer.next(event)));
}

/** After some trouble: waits until every member is served, and relays go to and from each. */
export async function worksAgain(members, room) {
  for (const member of members) {
    const isServed = async () => (await member.ask('room-info-request', { room })).ok;
    await eventually(isServed, 'the cluster serves the member again');
  }
  const pairs = members.flatMap((from) => members.map((to) => [from, to]));
  for (const [from, to] of pairs.filter(([from, to]) => from !== to)) {
    let word;
    const isRelayed = async () => {
      word = randomUUID();
      return (await from.ask('relay-ice-candidate', { room, to: to.id, ice_candidate: word })).ok;
    };
    await eventually(isRelayed, 'relays reach the other again');
    await receives(to, 'ice-candidate', ({ ice_candidate }) => ice_candidate === word);
  }
}
