// docs/cluster.md, "What happens when": another server takes over, under Sentinel, in a Redis
// Cluster, and as an old copy.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { freeTcpPort } from '../support/ports.mjs';
import { Program } from '../support/program.mjs';
import { redisFor } from '../support/redis.mjs';
import { admit, createRoom, meeting } from '../support/rooms.mjs';
import { assertRoom, clusterFor, worksAgain } from './nodes.mjs';

/** The answer of the server on this port to a command. */
async function command({ port }, ...words) {
  const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), ...words]);
  return stdout.trim();
}

/** A Sentinel that has the replica take over when it is told to. */
async function sentinelFor(t, master) {
  const port = await freeTcpPort();
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    `dir ${folder}`,
    'bind 127.0.0.1',
    `sentinel monitor calls ${master.host} ${master.port} 1`,
    'sentinel down-after-milliseconds calls 600000', // The test itself says when.
    'sentinel failover-timeout calls 5000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const program = new Program('/usr/bin/redis-server', [file, '--sentinel']);
  t.after(() => program.stop().finally(() => rmSync(folder, { recursive: true, force: true })));
  await program.line((line) => /\+slave/.test(line), 'the Sentinel knows the replica');
  return { program, port, url: `redis+sentinel://127.0.0.1:${port}/calls` };
}

const quick = ['--repl-diskless-sync-delay', '0'];

/** A replica of this master that has all that it holds now. */
async function replicaFor(t, { host, port }) {
  const replica = await redisFor(t, [...quick, '--replicaof', host, String(port)]);
  const isInStep = (line) => /sync: (Finished with success|Master accepted)/.test(line);
  await replica.line(isInStep, 'the replica is in step');
  return replica;
}

describe('a failover of Redis', () => {
  it('by a Sentinel leaves rooms and members as they were', async (t) => {
    const master = await redisFor(t, quick);
    await replicaFor(t, master);
    const sentinel = await sentinelFor(t, master);
    const env = { REDIS_URL: sentinel.url };
    const cluster = await clusterFor(t, { size: 2, env });
    const members = await cluster.peers(4);
    const room = await meeting(...members);
    await master.kill();
    // NOGOODSLAVE until the Sentinel has heard of the replica's state.
    const begins = async () => (await command(sentinel, 'sentinel', 'failover', 'calls')) === 'OK';
    await eventually(begins, 'the Sentinel begins the failover');
    await sentinel.program.line(
      (line) => /\+switch-master/.test(line),
      'the replica is the master',
    );
    await worksAgain(members, room);
    await assertRoom(room, { owners: [members[0]], peers: members });
    for (const member of members) {
      await member.expectNone('room-user-leave', 'room-owner-change');
      assert.ok(member.socket.connected);
    }
    await createRoom(members[1]);
  });
});

describe('a copy of Redis that takes over', () => {
  it('is told of changes that it lacks, though the answer to them was lost', async (t) => {
    const cluster = await clusterFor(t, { size: 1, wired: true, redis: quick });
    const [owner, member] = await cluster.peers(2);
    const room = await createRoom(owner);
    const copy = await replicaFor(t, cluster.redis);
    assert.equal(await command(copy, 'replicaof', 'no', 'one'), 'OK');
    const [wire] = cluster.wires;
    wire.loseAnswers((said) => !said.includes('XREAD')); // The node hears of it in its inbox only.
    await admit(owner, member, room);
    wire.server = copy;
    wire.drop();
    await worksAgain([owner, member], room);
    await assertRoom(room, { owners: [owner], peers: [owner, member] });
  });
});

describe('a Redis Cluster', () => {
  it('is asked where the keys are, whichever of its servers is named', async (t) => {
    const servers = [];
    for (const slots of [
      ['0', '8191'],
      ['8192', '16383'],
    ]) {
      const server = await redisFor(t, ['--cluster-enabled', 'yes']);
      assert.equal(await command(server, 'cluster', 'addslotsrange', ...slots), 'OK');
      servers.push(server);
    }
    const [first, second] = servers;
    await command(first, 'cluster', 'meet', '127.0.0.1', String(second.port));
    for (const server of servers) {
      const isWhole = async () => /cluster_state:ok/.test(await command(server, 'cluster', 'info'));
      await eventually(isWhole, 'the Redis Cluster is whole');
    }
    const cluster = await clusterFor(t, { size: 1, env: { REDIS_URL: first.url } });
    await cluster.add({ REDIS_URL: `${first.url},127.0.0.1:${second.port}` });
    await cluster.add({ REDIS_URL: second.url });
    const members = await cluster.peers(3);
    const room = await meeting(...members);
    await assertRoom(room, { owners: [members[0]], peers: members });
    await worksAgain(members, room);
  });
});
