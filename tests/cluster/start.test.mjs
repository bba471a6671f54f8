// docs/cluster.md: what a node needs of Redis to start, how it signs in, and whom it meets there.
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freeTcpPort } from '../support/ports.mjs';
import { run } from '../support/program.mjs';
import { redisFor } from '../support/redis.mjs';
import { assertRefused, createRoom, freshRoom, meeting, relay } from '../support/rooms.mjs';
import { password, secret, serve } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { clusterFor, longLease, refusal, timesOf } from './nodes.mjs';

const secrets = { APP_SECRET: secret, APP_PASS: password };

/** A node with these settings, that ends with the test. */
const nodeFor = (t, env) => serve(t, { env: { ...timesOf(longLease), ...env } });

/** Asserts that both are nodes of one service. */
async function assertTogether(one, two) {
  const [owner, guest] = [await one.peer(), await two.peer()];
  const room = await meeting(owner, guest);
  await relay(owner, guest, room);
  await relay(guest, owner, room);
}

/** Asserts that neither knows of the other's rooms and peers. */
async function assertApart(one, two) {
  const [here, there] = [await one.peer(), await two.peer()];
  const room = freshRoom();
  await createRoom(here, room);
  assertRefused(await there.ask('room-join-request', { room }), 'room-not-found');
  await createRoom(there, room);
  for (const [peer, other] of [
    [here, there],
    [there, here],
  ]) {
    const { owners, peers } = await peer.ask('room-info-request', { room });
    assert.deepEqual([owners, peers], [[peer.id], [peer.id]]);
    const fields = { room, to: other.id, data: 1 };
    assertRefused(await peer.ask('relay-message', fields), 'peer-not-in-room');
  }
}

describe('a node whose settings are wrong does not start', () => {
  for (const [name, values] of [
    [
      'REDIS_URL',
      ['nonsense', 'http://127.0.0.1:6379', 'redis://127.0.0.1:70000', 'redis://127.0.0.1/x'],
    ],
    ['NODE_ID', ['-1', '16777216', 'one']],
    ['CLUSTER_HEARTBEAT', ['0', '-1', 'soon']],
    ['CLUSTER_LEASE', ['0', '-1', 'soon']],
    ['CLUSTER_PATIENCE', ['0', '-1', 'soon']],
  ]) {
    for (const value of values) {
      it(`${name}=${value}`, async () => {
        const port = await freeTcpPort();
        const flag = name.toLowerCase().replace('_', '-');
        const { code, output, errorLines } = await run('heliograph', ['--port', '0'], {
          env: { ...secrets, REDIS_URL: `redis://127.0.0.1:${port}`, [name]: value },
        });
        assert.notEqual(code, 0);
        assert.equal(errorLines.length, 1, `one line, not: ${output}`);
        assert.match(errorLines[0], new RegExp(`${name}|${flag}`));
      });
    }
  }

  it('says nothing of a password in an address that it refuses', async () => {
    const env = { ...secrets, REDIS_URL: 'redis://user:s3cret@127.0.0.1:70000' };
    const { code, output } = await run('heliograph', ['--port', '0'], { env });
    assert.notEqual(code, 0);
    assert.ok(!output.includes('s3cret'), output);
  });
});

// Each waits for a node to give up, which takes seconds.
const together = { concurrency: true };

describe('a node without its Redis does not start', together, () => {
  it('if nobody listens', async () => {
    const port = await freeTcpPort();
    const line = await refusal({ REDIS_URL: `redis://127.0.0.1:${port}` });
    assert.match(line, /redis/i);
    assert.match(line, new RegExp(String(port)), 'says where it looked');
  });

  it('if a host has no address', async () => {
    const line = await refusal({ REDIS_URL: 'redis://no.address.invalid' });
    assert.match(line, /no\.address\.invalid/);
  });

  it('if Redis accepts, and says nothing', async (t) => {
    const wire = await wireTo(t, await redisFor(t));
    wire.stall();
    const line = await refusal({ REDIS_URL: `redis://127.0.0.1:${wire.port}` });
    assert.match(line, /redis/i);
  });

  it('if Redis refuses its password', async (t) => {
    const redis = await redisFor(t, ['--requirepass', 'the right one']);
    const attempts = [
      ['', /NOAUTH|auth|password/i],
      [':the%20wrong%20one@', /WRONGPASS|password/i],
      ['nobody:the%20right%20one@', /WRONGPASS|password/i],
    ].map(async ([credentials, reason]) => {
      const REDIS_URL = `redis://${credentials}127.0.0.1:${redis.port}`;
      const line = await refusal({ REDIS_URL });
      assert.match(line, reason);
      assert.doesNotMatch(line, /the( |%20)(wrong|right)( |%20)one/, 'never says a password');
    });
    await Promise.all(attempts);
  });

  it('if the database does not exist', async (t) => {
    const redis = await redisFor(t, ['--databases', '4']);
    const line = await refusal({ REDIS_URL: `${redis.url}/4` });
    assert.match(line, /DB index|database/i);
  });
});

describe('nodes sign in', () => {
  it('with a password', async (t) => {
    const redis = await redisFor(t, ['--requirepass', 'pass word/@:']);
    const REDIS_URL = `redis://:pass%20word%2F%40%3A@127.0.0.1:${redis.port}`;
    const nodes = [await nodeFor(t, { REDIS_URL }), await nodeFor(t, { REDIS_URL })];
    await assertTogether(...nodes);
    assert.ok(
      nodes.every((node) => !/pass( |%20)word/.test(node.logs())),
      'logs hold no password',
    );
  });

  it('as a user of an ACL, who may see the keys of the prefix only', async (t) => {
    const user = ['--user', 'node', 'on', '>s3cret', '~tests*', '&tests*', '+@all'];
    const redis = await redisFor(t, ['--requirepass', 'main', ...user]);
    const env = {
      REDIS_URL: `redis://node:s3cret@127.0.0.1:${redis.port}`,
      CLUSTER_PREFIX: 'tests',
    };
    await assertTogether(await nodeFor(t, env), await nodeFor(t, env));
  });

  it('into a database of their own', async (t) => {
    const redis = await redisFor(t);
    const into = (database) => nodeFor(t, { REDIS_URL: `${redis.url}${database}` });
    const [three, also, zero, named] = [
      await into('/3'),
      await into('/3'),
      await into(''),
      await into('/0'),
    ];
    await assertTogether(three, also);
    await assertTogether(zero, named);
    await assertApart(three, zero);
  });
});

describe('nodes over TLS', together, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-tls-'));
  const key = path.join(folder, 'key.pem');
  const certificate = path.join(folder, 'certificate.pem');

  before(async () => {
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', key, '-out', certificate, '-days', '2'];
    const request = ['req', '-x509', ...kind, ...files, ...subject];
    const { code, output } = await run('/usr/bin/openssl', request);
    assert.equal(code, 0, output);
  });
  after(() => rmSync(folder, { recursive: true }));

  async function redisOverTls(t) {
    const port = await freeTcpPort();
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key];
    const trust = ['--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no'];
    await redisFor(t, ['--tls-port', String(port), ...files, ...trust]);
    return port;
  }

  it('speak with a Redis that they trust', async (t) => {
    const port = await redisOverTls(t);
    // The certificates that the system trusts, as OpenSSL has them.
    const env = { REDIS_URL: `rediss://localhost:${port}`, SSL_CERT_FILE: certificate };
    await assertTogether(await nodeFor(t, env), await nodeFor(t, env));
  });

  it('speak with no other', async (t) => {
    const port = await redisOverTls(t);
    assert.match(await refusal({ REDIS_URL: `rediss://localhost:${port}` }), /certificate/i);
    const env = { REDIS_URL: `rediss://127.0.0.1:${port}`, SSL_CERT_FILE: certificate };
    assert.match(await refusal(env), /certificate|host ?name/i);
    await refusal({ REDIS_URL: `redis://localhost:${port}` });
  });
});

describe('the id of a node', together, () => {
  it('is taken by exactly one of many that start at once', async (t) => {
    const cluster = await clusterFor(t, { size: 1 });
    const times = { CLUSTER_HEARTBEAT: longLease / 40, CLUSTER_LEASE: longLease / 4 };
    const starts = Array.from({ length: 4 }, () => cluster.add({ NODE_ID: 9, ...times }));
    const outcomes = await Promise.allSettled(starts);
    const started = outcomes.filter(({ status }) => status === 'fulfilled');
    assert.equal(started.length, 1, outcomes.map(({ reason }) => reason?.message).join('\n'));
    await assertTogether(cluster.nodes[0], started[0].value);
  });

  it('may be the first or the last that there is', async (t) => {
    const cluster = await clusterFor(t, { size: 0 });
    await assertTogether(
      await cluster.add({ NODE_ID: 1 }),
      await cluster.add({ NODE_ID: 16_777_215 }),
    );
  });

  it('is found by itself if none is given, or 0', async (t) => {
    const cluster = await clusterFor(t, { size: 2 });
    const third = await cluster.add({ NODE_ID: 0 });
    const fourth = await cluster.add({ NODE_ID: 0 });
    await assertTogether(third, fourth);
    await assertTogether(cluster.nodes[0], third);
  });
});

describe('the prefix of a cluster', () => {
  it('keeps apart two that share a Redis, even with the same ids', async (t) => {
    const redis = await redisFor(t);
    const into = (CLUSTER_PREFIX, NODE_ID) =>
      nodeFor(t, { REDIS_URL: redis.url, CLUSTER_PREFIX, NODE_ID });
    const [one, also] = [await into('one', 1), await into('one', 2)];
    const [two, twice] = [await into('two', 1), await into('two', 2)];
    await assertTogether(one, also);
    await assertTogether(two, twice);
    await assertApart(one, two);
    await assertApart(also, twice);
  });

  it('is heliograph if none is given', async (t) => {
    const redis = await redisFor(t);
    const [one, two] = [
      await nodeFor(t, { REDIS_URL: redis.url }),
      await nodeFor(t, { REDIS_URL: redis.url, CLUSTER_PREFIX: 'heliograph' }),
    ];
    await assertTogether(one, two);
  });
});

describe('a node without REDIS_URL', () => {
  it('is alone, whatever the others of its machine do', async (t) => {
    const cluster = await clusterFor(t, { size: 1 });
    await assertApart(await serve(t), cluster.nodes[0]);
  });
});
