// deploy/docker: the scripts of the images, run without Docker, and what the recipes say.
import { after, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from '../support/patience.mjs';
import { freeUdpPort } from '../support/ports.mjs';
import { Program, buildFolder, run } from '../support/program.mjs';
import { serve } from '../support/server.mjs';
import { setting } from '../support/settings.mjs';
import { TurnClient } from '../support/turn.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const inFolder = (name) => path.join(root, 'deploy/docker', name);
const recipe = readFileSync(inFolder('Dockerfile'), 'utf8');
const image = recipe.slice(recipe.lastIndexOf('\nFROM '));

/** Everyone on the machine can read the one, and every process of the same user the other. */
function assertKeptFrom(processId, secret) {
  for (const file of ['cmdline', 'environ']) {
    const text = readFileSync(`/proc/${processId}/${file}`, 'latin1');
    assert.ok(text.length > 0 || file === 'environ');
    assert.ok(!text.includes(secret), file);
  }
}

function end(program) {
  program.signal('SIGTERM');
  return program.exit();
}

describe('the image of the server', () => {
  it('holds every library that the program needs', () => {
    const program = path.join(buildFolder, 'heliograph');
    const libraries = execFileSync('ldd', [program], { encoding: 'utf8' });
    // Only what the program itself names: the packages of these bring what they need in turn.
    const header = execFileSync('readelf', ['--dynamic', '--wide', program], { encoding: 'utf8' });
    const needed = [...header.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
    // With the folder, which says for which processor: a machine may have others' beside.
    const names = [...libraries.matchAll(/ => \S*\/([^/\s]+\/([^/\s]+)) /g)]
      .filter(([, , name]) => needed.includes(name))
      .map(([, name]) => name);
    assert.ok(names.some((name) => name.endsWith('/libc.so.6')));
    const packages = names.map((name) => {
      const owners = execFileSync('dpkg-query', ['--search', `*/${name}`], { encoding: 'utf8' });
      return owners.split(':')[0].replace(/t64$/, ''); // Debian 13's name for the same library.
    });
    const [, installed] = /--no-install-recommends ([^\\\n]+)/.exec(image);
    // The base image has these, or only the builds with sanitizers need them.
    const given = /^(libc6|libgcc-s1|libstdc\+\+6|lib[a-z]+san\d+)$/;
    const missing = packages.filter(
      (name) => !given.test(name) && !installed.split(' ').includes(name),
    );
    assert.deepEqual(missing, []);
  });

  it('is Debian, and its user nobody', () => {
    const bases = [...recipe.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    assert.deepEqual(bases, ['debian:bookworm-slim', 'debian:bookworm-slim']);
    assert.match(image, /^HEALTHCHECK .*CMD \["heliograph", "--health"\]$/m);
    assert.match(image, /^USER [1-9]\d*:[1-9]\d*$/m);
    assert.match(image, new RegExp(`^EXPOSE ${setting('APP_PORT')}$`, 'm'));
  });
});

describe('deploy/docker/start-coturn', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-coturn-'));
  after(() => rmSync(folder, { recursive: true }));
  const secret = 'a-secret-of-the-environment';
  const env = {
    TMPDIR: folder,
    TURN_CONFIGURATION: path.join(root, 'deploy/coturn/turnserver.conf'),
  };

  it('starts a coturn that takes the server’s credentials, and keeps the secret to itself', async (t) => {
    const server = await serve(t, {
      env: { TURN_URLS: 'turn:turn.example.org', TURN_SECRET: secret },
    });
    const port = await freeUdpPort();
    const flags = ['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${port}`];
    const coturn = new Program(inFolder('start-coturn'), [...flags, '--no-tls', '--no-dtls'], {
      env: { ...env, TURN_SECRET: secret },
    });
    t.after(() => end(coturn));
    const { ice_servers: servers } = await (await server.connect()).authenticate();
    const client = new TurnClient(port, servers[0]);
    await client.reach();
    assert.equal(await client.allocate(), null);
    await client.close();
    assertKeptFrom(coturn.pid, secret);
  });

  it('does not start without a secret', async () => {
    const { code, output } = await run(inFolder('start-coturn'), [], { env });
    assert.notEqual(code, 0);
    assert.match(output, /TURN_SECRET/);
  });
});

describe('deploy/docker/start-redis', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-redis-'));
  after(() => rmSync(folder, { recursive: true }));
  const password = 'a-password-of-redis';
  const socketPath = path.join(folder, 'socket');

  /** Redis's answer to these lines. */
  async function ask(...lines) {
    const socket = net.connect(socketPath);
    let answer = '';
    const done = new Promise((resolve, reject) => {
      socket
        .on('data', (bytes) => (answer += bytes))
        .on('end', resolve)
        .on('error', reject);
    });
    socket.write([...lines, 'QUIT', ''].join('\r\n'));
    await within(done, 'an answer of Redis');
    return answer;
  }

  it('starts a Redis that wants the password and writes no file', async (t) => {
    const args = ['--port', '0', '--unixsocket', socketPath];
    const redis = new Program(inFolder('start-redis'), args, {
      cwd: folder,
      env: { REDIS_PASSWORD: password },
    });
    t.after(() => end(redis));
    await redis.line((line) => /ready to accept connections/i.test(line), 'Redis is ready');
    assert.match(await ask('PING'), /^-NOAUTH/);
    assert.match(await ask('AUTH wrong'), /^-WRONGPASS/);
    assert.match(await ask(`AUTH ${password}`, 'PING'), /^\+OK\r\n\+PONG/);
    const settings = await ask(`AUTH ${password}`, 'CONFIG GET save', 'CONFIG GET appendonly');
    assert.match(settings, /save\r\n\$0\r\n/);
    assert.match(settings, /appendonly\r\n\$2\r\nno\r\n/);
  });

  it('does not start without a password', async () => {
    const { code, output } = await run(inFolder('start-redis'), []);
    assert.notEqual(code, 0);
    assert.match(output, /REDIS_PASSWORD/);
  });
});
