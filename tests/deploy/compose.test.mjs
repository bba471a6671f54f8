// deploy/compose.yaml: what it says, since no test can count on Docker.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { run } from '../support/program.mjs';
import { setting, settingNames } from '../support/settings.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const deploy = path.join(root, 'deploy');
const read = (file) => readFileSync(path.join(deploy, file), 'utf8');
const text = read('compose.yaml');
const { services, networks } = parse(text, { merge: true });
const nodes = Object.keys(services).filter((name) => name.startsWith('node-'));
const example = new Map(
  [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);

it('deploy/compose.yaml says nothing that Debian’s docker-compose does not know', () => {
  const known = Object.keys(parse(text)).filter((key) => !key.startsWith('x-'));
  assert.deepEqual(known, ['services', 'networks']);
});

describe('every service of deploy/compose.yaml', () => {
  for (const [name, service] of Object.entries(services)) {
    it(`is confined: ${name}`, () => {
      assert.equal(service.read_only, true);
      assert.deepEqual(service.cap_drop, ['ALL']);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
      for (const key of ['privileged', 'pid', 'ipc', 'devices'])
        assert.equal(service[key], undefined, key);
    });

    it(`comes up again: ${name}`, () => assert.equal(service.restart, 'unless-stopped'));

    it(`is made from a stage that is there: ${name}`, () => {
      const { context, dockerfile, target } = service.build;
      const recipe = readFileSync(path.join(deploy, context, dockerfile), 'utf8');
      if (target) assert.match(recipe, new RegExp(`^FROM debian:bookworm-slim AS ${target}$`, 'm'));
    });

    it(`mounts what is there, to read it: ${name}`, () => {
      for (const volume of service.volumes ?? []) {
        const [, source, mode] = /^(\$\{[^}]*\}|[^:]*):[^:]*:(.*)$/.exec(volume);
        assert.equal(mode, 'ro', volume);
        if (!source.startsWith('$')) assert.ok(existsSync(path.join(deploy, source)), volume);
      }
    });
  }
});

describe('the network of deploy/compose.yaml', () => {
  it('is open at nginx and coturn, and nowhere else', () => {
    const open = Object.keys(services).filter(
      (name) => services[name].ports || services[name].network_mode,
    );
    assert.deepEqual(open, ['nginx', 'coturn']);
    assert.deepEqual(services.nginx.ports, ['80:80', '443:443']);
    assert.equal(services.coturn.network_mode, 'host');
  });

  it('has no way out for Redis and the nodes', () => {
    for (const name of ['redis', ...nodes]) {
      for (const network of services[name].networks)
        assert.equal(networks[network].internal, true, name);
    }
  });

  it('has Redis and the nodes in one, without nginx', () => {
    assert.deepEqual(services.redis.networks, ['store']);
    for (const name of nodes) assert.ok(services[name].networks.includes('store'));
    assert.ok(!services.nginx.networks.includes('store'));
  });
});

describe('the nodes of deploy/compose.yaml', () => {
  const filled = (value) =>
    value.replace(/\$\{(\w+):\?[^}]*\}/g, (_, name) =>
      name === 'PUBLIC_HOST' ? 'signal.example.org' : 'x'.repeat(64),
    );
  const env = Object.fromEntries(
    Object.entries(services[nodes[0]].environment).map(([name, value]) => [name, filled(value)]),
  );

  it('are two, and the same', () => {
    assert.deepEqual(nodes, ['node-1', 'node-2']);
    assert.deepEqual(services['node-1'], services['node-2']);
  });

  it('are told nothing that the server does not know', () => {
    const unknown = Object.keys(env).filter((name) => !settingNames.includes(name));
    assert.deepEqual(unknown, []);
  });

  it('get settings that the server accepts', async () => {
    const { code, output } = await run('heliograph', ['--check-config'], { env });
    assert.equal(code, 0, output);
  });

  it('get the time that it takes to stop', () => {
    const seconds = Number(/^(\d+)s$/.exec(services['node-1'].stop_grace_period)[1]);
    assert.ok(seconds > Number(setting('SHUTDOWN_TIMEOUT')) / 1000);
  });

  it('are those that nginx asks, and share their rooms', () => {
    const servers = [...read('nginx/nodes.compose.conf').matchAll(/^server (\S+):5000;$/gm)];
    assert.deepEqual(
      servers.map(([, name]) => name),
      nodes,
    );
    assert.match(env.REDIS_URL, /^redis:/);
  });
});

describe('the settings of deploy/compose.yaml', () => {
  const all = [...text.matchAll(/(?<!\$)\$\{?(\w+)(:\?([^}]*)\})?/g)];
  const names = new Set(all.map(([, name]) => name));

  it('are required: none has a default, and a missing one is named', () => {
    assert.ok(all.length > 0);
    for (const [whole, , required] of all) assert.ok(required, whole);
    for (const name of names) {
      const says = all.filter(([, each, , message]) => each === name && message);
      assert.ok(says.length > 0, `a message about ${name}`);
    }
  });

  it('are in .env.example, and nothing else is', () => {
    assert.deepEqual([...example.keys()].sort(), [...names].sort());
  });

  it('are not given away: the example is empty, and .env is left out of Git and of images', () => {
    for (const [name, value] of example) assert.equal(value, '', name);
    execFileSync('git', ['check-ignore', '--quiet', 'deploy/.env'], { cwd: root });
    assert.match(readFileSync(path.join(root, '.dockerignore'), 'utf8'), /^\*\*\/\.env$/m);
  });
});
