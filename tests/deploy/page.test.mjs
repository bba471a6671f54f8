// docs/deploy.md: the files to copy exist, and are copied to the places that other files name.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const page = read('docs/deploy.md');
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text).join('');
const copies = [...commands.matchAll(/^(?:install|ln) .*?(\S+) (\/\S+)(?: +#.*| && .*)?$/gm)].map(
  ([, source, target]) => ({
    source,
    target: target.endsWith('/') ? target + path.basename(source) : target,
  }),
);
const targetOf = (source) => copies.find((copy) => copy.source === source)?.target;
const targets = copies.map(({ target }) => target);

describe('docs/deploy.md', () => {
  it('copies files that are there', () => {
    const ours = copies.filter(({ source }) => /^(nginx|coturn|systemd)\//.test(source));
    assert.equal(ours.length, 7);
    for (const { source } of ours) assert.ok(existsSync(path.join(root, 'deploy', source)), source);
  });

  it('puts the files of the tarball where the unit looks', () => {
    const unit = read('deploy/systemd/heliograph.service');
    const [program, environment] = [targetOf('bin/heliograph'), targetOf('systemd/environment')];
    assert.match(unit, new RegExp(`^ExecStart=${program} --environment-file ${environment}$`, 'm'));
    assert.equal(targetOf('systemd/heliograph.service'), '/etc/systemd/system/heliograph.service');
    assert.equal(targetOf('systemd/heliograph.sysusers'), '/etc/sysusers.d/heliograph.conf');
  });

  it('puts the files for nginx where nginx looks', () => {
    const names = [...read('deploy/nginx/heliograph.conf').matchAll(/ (heliograph\/\S+);/g)].map(
      ([, name]) => name,
    );
    assert.equal(names.length, 3);
    for (const name of names) assert.ok(targets.includes(`/etc/nginx/${name}`), name);
    assert.match(read('deploy/nginx/nginx.conf'), /include conf\.d\/\*\.conf;/);
    assert.equal(targetOf('nginx/heliograph.conf'), '/etc/nginx/conf.d/heliograph.conf');
  });

  it('puts the file for coturn where coturn looks', () => {
    const configuration = read('deploy/coturn/turnserver.conf');
    const names = [...configuration.matchAll(/^(?:cert|pkey)=(.*)$/gm)].map(([, name]) => name);
    assert.equal(names.length, 2);
    for (const name of names) assert.ok(targets.includes(name), name);
    assert.equal(targetOf('coturn/turnserver.conf'), '/etc/turnserver.conf');
  });

  it('has the nodes and nginx meet at one port', () => {
    assert.match(read('deploy/nginx/nodes.conf'), /^server 127\.0\.0\.1:5000;$/m);
    assert.match(read('deploy/systemd/environment'), /^HOST=127\.0\.0\.1$/m);
    assert.doesNotMatch(read('deploy/systemd/environment'), /^APP_PORT=/m);
  });
});
