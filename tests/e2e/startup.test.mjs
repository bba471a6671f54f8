// docs/configuration.md: what starts, and what is refused with one clear line.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { run } from '../support/program.mjs';
import { password, secret, startServer } from '../support/server.mjs';
import { Peer } from '../support/peer.mjs';

const secrets = { APP_SECRET: secret, APP_PASS: password };

/** Asserts that the server does not start and says why in one line that names this setting. */
async function assertRefused({ args = [], env = secrets, cwd }, setting) {
  const { code, signal, output } = await run('heliograph', ['--port', '0', ...args], { env, cwd });
  assert.equal(signal, null, output);
  assert.notEqual(code, 0, output);
  const lines = output.split('\n').filter(Boolean);
  assert.equal(lines.length, 1, `one line, not: ${output}`);
  assert.match(lines[0], setting);
  return lines[0];
}

describe('secrets in production', () => {
  for (const [what, env, setting] of [
    ['no APP_SECRET', { APP_PASS: password }, /APP_SECRET/],
    ['an empty APP_SECRET', { APP_PASS: password, APP_SECRET: '' }, /APP_SECRET/],
    ['an APP_SECRET of 31 bytes', { APP_PASS: password, APP_SECRET: 's'.repeat(31) }, /APP_SECRET/],
    ['no APP_PASS', { APP_SECRET: secret }, /APP_PASS/],
    ['an empty APP_PASS', { APP_SECRET: secret, APP_PASS: '' }, /APP_PASS/],
    ['an APP_PASS of 11 bytes', { APP_SECRET: secret, APP_PASS: 'p'.repeat(11) }, /APP_PASS/],
  ]) {
    it(`refuses ${what}`, () => assertRefused({ env }, setting));
  }

  it('refuses to start with neither', async () => {
    const { code, output } = await run('heliograph', ['--port', '0'], { env: {} });
    assert.notEqual(code, 0);
    assert.match(output, /APP_SECRET/);
  });

  it('takes the shortest that are allowed, counted in bytes', async () => {
    const env = { APP_SECRET: 's'.repeat(32), APP_PASS: 'é'.repeat(6) };
    const server = await startServer({ env });
    await server.stop();
  });

  it('never says a secret that it refuses', async () => {
    const line = await assertRefused(
      { env: { APP_SECRET: 'tooshort', APP_PASS: password } },
      /APP_SECRET/,
    );
    assert.ok(!line.includes('tooshort'));
  });
});

const wrong = [
  ['APP_PORT', '--port', ['abc', '-1', '65536', '70000', '80x', '1e3']],
  ['TOKEN_LIFETIME', '--token-lifetime', ['abc', '-1', '0', '9999999999999999999999']],
  ['WORKERS', '--workers', ['abc', '-1', '1000000']],
  ['PING_INTERVAL', '--ping-interval', ['abc', '-5']],
  ['PING_TIMEOUT', '--ping-timeout', ['abc', '-5']],
  ['MAX_PAYLOAD', '--max-payload', ['abc', '-5']],
  ['MAX_JSON_DEPTH', '--max-json-depth', ['abc', '-5']],
  ['EVENTS_PER_SECOND', '--events-per-second', ['abc', '-5']],
  ['ICE_SERVERS', '--ice-servers', ['nonsense', '{', '[{"urls":']],
  ['LOG_LEVEL', '--log-level', ['loud']],
  ['LOG_FORMAT', '--log-format', ['xml']],
  ['DEMO', '--demo', ['perhaps']],
  ['BASE_PATH', '--base-path', ['rtc', '/', '/rtc/', '/a//b', '/a/../b', '/a b', '/%41']],
  ['PUBLIC_DIR', '--public-dir', ['/no/such/folder']],
];

describe('wrong values', () => {
  for (const [name, flag, values] of wrong) {
    for (const value of values) {
      if (name !== 'APP_PORT') {
        it(`refuses ${name}=${value}`, () => {
          return assertRefused(
            { env: { ...secrets, [name]: value } },
            new RegExp(`${name}|${flag}`),
          );
        });
      }
      it(`refuses ${flag} ${value}`, () =>
        assertRefused({ args: [`${flag}=${value}`] }, new RegExp(`${name}|${flag}`)));
    }
  }

  it('refuses APP_PORT=abc from the environment', async () => {
    const { code, output } = await run('heliograph', [], { env: { ...secrets, APP_PORT: 'abc' } });
    assert.notEqual(code, 0);
    assert.match(output, /APP_PORT|--port/);
  });

  it('refuses an address that there is not', () =>
    assertRefused({ args: ['--host=no.address.invalid'] }, /no\.address\.invalid/));

  it('refuses a flag that it does not know, and one without its value', async () => {
    await assertRefused({ args: ['--no-such-flag'] }, /--no-such-flag/);
    await assertRefused({ args: ['--log-level'] }, /--log-level/);
  });

  it('refuses an argument that is no flag', async () => {
    await assertRefused({ args: ['start'] }, /start/);
  });

  it('refuses a port that is taken', async () => {
    const server = await startServer();
    try {
      const { code, output } = await run(
        'heliograph',
        ['--host', server.host, '--port', String(server.port)],
        { env: secrets },
      );
      // Another process of the same user must not be able to share the port unnoticed.
      assert.notEqual(code, 0);
      assert.match(output, new RegExp(String(server.port)));
    } finally {
      await server.stop();
    }
  });
});

describe('--help and --version', () => {
  it('--help names every setting by its flag, and says how the environment names it', async () => {
    const { code, output } = await run('heliograph', ['--help'], { env: {} });
    assert.equal(code, 0);
    const others = ['--host', '--app-secret', '--app-pass', '--cors-origin', '--allowed-origins'];
    const limits = [
      '--max-unsent-bytes',
      '--max-event-bytes',
      '--events-burst',
      '--shutdown-timeout',
    ];
    for (const flag of [...wrong.map(([, name]) => name), ...others, ...limits]) {
      assert.match(output, new RegExp(`${flag}\\b`));
    }
    for (const name of ['APP_PORT', 'APP_SECRET', 'APP_PASS', 'PING_INTERVAL'])
      assert.match(output, new RegExp(name));
    assert.match(output, /\b5000\b/, 'the default port');
    assert.ok(
      output.split('\n').every((line) => line.length <= 100),
      'fits a terminal',
    );
  });

  it('--version says the version', async () => {
    const { code, output } = await run('heliograph', ['--version'], { env: {} });
    assert.equal(code, 0);
    assert.match(output, /^heliograph \d+\.\d+\.\d+/i);
  });
});

describe('--dev', () => {
  it('makes up secrets and prints the demo’s address and an app token that works', async () => {
    const server = await startServer({ dev: true });
    try {
      const page = await server.program.line(
        (line) => /(https?:\/\/\S+?\/demo)\b/.exec(line)?.[1],
        'the address of the demo',
      );
      const { port, pathname } = new URL(page);
      assert.deepEqual([Number(port), pathname], [server.port, '/demo']);
      assert.equal((await server.request({ path: '/demo' })).status, 200);
      const isToken = (line) => /\b(eyJ[\w-]+\.[\w-]+\.[\w-]+)/.exec(line)?.[1];
      const peer = await Peer.connect(server, {
        token: await server.program.line(isToken, 'an app token'),
      });
      await peer.authenticate();
      peer.disconnect();
    } finally {
      await server.stop();
    }
  });

  it('still checks the password', async () => {
    const server = await startServer({ dev: true });
    try {
      const headers = { 'Content-Type': 'application/json' };
      for (const body of [
        '{"app":"x"}',
        '{"app":"x","password":""}',
        '{"app":"x","password":"guess"}',
      ]) {
        assert.equal(
          (await server.request({ method: 'POST', path: '/app', headers, body })).status,
          401,
        );
      }
    } finally {
      await server.stop();
    }
  });

  it('makes up other secrets each time', async () => {
    const servers = [await startServer({ dev: true }), await startServer({ dev: true })];
    try {
      const isToken = (line) => /\b(eyJ[\w-]+\.[\w-]+\.[\w-]+)/.exec(line)?.[1];
      const token = await servers[0].program.line(isToken, 'an app token');
      await assert.rejects(Peer.connect(servers[1], { token }), /Token is not valid/);
    } finally {
      for (const server of servers) await server.stop();
    }
  });

  it('takes the secrets that are given', async () => {
    const server = await startServer({ dev: true, env: secrets });
    try {
      await server.peer();
    } finally {
      await server.stop();
    }
  });
});
