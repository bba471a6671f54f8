// deploy/coturn: this file under Debian's coturn, which gets ports, folders and a secret by flags.
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { makeCertificate } from '../support/certificate.mjs';
import { useCoturn } from '../support/coturn.mjs';
import { within } from '../support/patience.mjs';
import { freeTcpPort } from '../support/ports.mjs';
import { useServer } from '../support/server.mjs';
import { TurnClient } from '../support/turn.mjs';

const file = new URL('../../deploy/coturn/turnserver.conf', import.meta.url);
const configuration = readFileSync(file, 'utf8');
const secret = 'a secret that both were given';

describe('deploy/coturn/turnserver.conf', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-turn-'));
  const certificate = makeCertificate();
  const [cert, key] = ['certificate.pem', 'key.pem'].map((name) => path.join(folder, name));
  let tlsPort;
  let administrationPort;

  async function flags() {
    tlsPort = await freeTcpPort();
    // With a password, the door for administrators would be opened if the file did not forbid it.
    administrationPort = await freeTcpPort();
    const administration = ['--cli-password=x', `--cli-port=${administrationPort}`];
    return [
      `--tls-listening-port=${tlsPort}`,
      `--cert=${cert}`,
      `--pkey=${key}`,
      ...administration,
    ];
  }

  before(() => {
    writeFileSync(cert, certificate.cert);
    writeFileSync(key, certificate.key);
  });
  const coturn = useCoturn({ configuration, secrets: [secret], flags });
  after(() => rmSync(folder, { recursive: true }));
  const server = useServer({ env: { TURN_URLS: 'turn:turn.example.org', TURN_SECRET: secret } });

  async function credential() {
    const peer = await server.connect();
    const { ice_servers: servers } = await peer.authenticate();
    return servers[0];
  }

  /** The answer to a peer that wants to relay to this address. */
  async function permission(address) {
    const client = new TurnClient(coturn.port, await credential());
    try {
      assert.equal(await client.allocate(), null);
      return await client.permit(address);
    } finally {
      await client.close();
    }
  }

  it('is understood, every line', () => {
    assert.doesNotMatch(
      coturn.output,
      /bad configuration|unknown|unrecognized|wrong|CONFIG ERROR/i,
    );
  });

  it('takes a credential that the server made', async () => {
    assert.equal(await coturn.allocate(await credential()), null);
  });

  it('refuses one that somebody made up, and one of another’s name', async () => {
    const good = await credential();
    assert.equal(await coturn.allocate({ ...good, credential: 'x' }), 401);
    assert.equal(await coturn.allocate({ ...good, username: `${good.username}x` }), 401);
  });

  it('relays to the internet', async () => {
    assert.equal(await permission('192.0.2.1'), null);
    assert.equal(await permission('100.128.0.1'), null);
  });

  for (const [what, address] of [
    ['the machine itself', '127.0.0.1'],
    ['no machine', '0.0.0.0'],
    ['a private network', '10.1.2.3'],
    ['a private network', '172.16.0.1'],
    ['a private network', '172.31.255.254'],
    ['a private network', '192.168.1.1'],
    ['a provider’s inner network', '100.64.0.1'],
    ['the link, where clouds keep credentials', '169.254.169.254'],
    ['a group', '224.0.0.1'],
    ['everyone on the link', '255.255.255.255'],
  ]) {
    it(`does not relay to ${what}: ${address}`, async () => {
      assert.equal(await permission(address), 403);
    });
  }

  it('speaks TLS with the certificate', async () => {
    const socket = tls.connect({ port: tlsPort, host: '127.0.0.1', ca: certificate.cert });
    await within(once(socket, 'secureConnect'), 'TLS with coturn');
    socket.destroy();
  });

  it('opens no door for administrators', async () => {
    const attempt = once(net.connect(administrationPort, '127.0.0.1'), 'connect');
    await assert.rejects(within(attempt, 'an answer at that door'), { code: 'ECONNREFUSED' });
  });
});

describe('deploy/coturn/turnserver.conf without a secret', () => {
  const coturn = useCoturn({ configuration, flags: ['--no-tls', '--no-dtls'] });
  const server = useServer({ env: { TURN_URLS: 'turn:turn.example.org', TURN_SECRET: secret } });

  it('refuses everybody', async () => {
    const peer = await server.connect();
    const { ice_servers: servers } = await peer.authenticate();
    assert.equal(await coturn.allocate(servers[0]), 401);
  });
});
