// scripts/package, as `./dev package` runs it: what is in a release, and the Debian package
// installed, upgraded and purged in an overlay of this machine.
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program, buildFolder, run } from '../support/program.mjs';
import { Peer } from '../support/peer.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { Machine } from './machine.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const version = readFileSync(path.join(root, 'VERSION'), 'utf8').trim();
const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-package-'));
after(() => rmSync(folder, { recursive: true }));
const isReleased = path.basename(buildFolder) === 'release';
const skip = isReleased ? false : 'only the release build is packaged';
const system = readFileSync('/etc/os-release', 'utf8');

function mkdir(name) {
  mkdirSync(name);
  return name;
}

/**
 * Packages the sources in `from` into a folder of its own; returns its path. `epoch`: their time,
 * if they are no clone.
 */
function pack(name, { from, epoch }, ...pieces) {
  const out = path.join(folder, name);
  const env = { ...process.env };
  delete env.SOURCE_DATE_EPOCH;
  if (epoch) env.SOURCE_DATE_EPOCH = epoch;
  const args = [path.join(buildFolder, 'heliograph'), out, ...pieces];
  const packed = spawnSync(path.join(from, 'scripts/package'), args, { encoding: 'utf8', env });
  assert.equal(packed.status, 0, `${packed.stdout}${packed.stderr}`);
  return out;
}

const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' });
const sums = (of) =>
  Object.fromEntries(
    readdirSync(of).map((name) => {
      const bytes = readFileSync(path.join(of, name));
      return [name, createHash('sha256').update(bytes).digest('hex')];
    }),
  );

const dist = isReleased ? pack('dist', { from: root }, 'deb', 'tarball', 'npm', 'sbom') : folder;
const file = (name) => path.join(dist, name);
const deb = file(`heliograph_${version}_${architecture}.deb`);

describe('the files that the program generates', () => {
  it('include a manual that man reads without a warning', () => {
    const page = path.join(folder, 'heliograph.1');
    output('sh', '-c', '"$0" --print-man-page >"$1"', path.join(buildFolder, 'heliograph'), page);
    const args = ['--warnings', '--encoding=utf8', '--local-file', page];
    const { status, stderr, stdout } = spawnSync('man', args, {
      encoding: 'utf8',
      env: { ...process.env, MANPAGER: 'cat' },
    });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    assert.match(stdout, /heliograph +token/);
  });

  it('complete flags and subcommands in bash', () => {
    const complete = (...words) =>
      output(
        'bash',
        '-c',
        'source <("$0" --print-completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _heliograph; echo "${COMPREPLY[*]}"',
        path.join(buildFolder, 'heliograph'),
        'heliograph',
        ...words,
      ).trim();
    assert.equal(complete('se'), 'setup');
    assert.equal(complete('--trusted'), '--trusted-proxies');
    assert.equal(complete('token', '--lif'), '--lifetime');
  });

  it('complete flags and subcommands in zsh', () => {
    const functions = path.join(folder, 'zsh');
    output(
      'sh',
      '-c',
      'mkdir "$1" && "$0" --print-completion zsh >"$1/_heliograph"',
      path.join(buildFolder, 'heliograph'),
      functions,
    );
    // The completions that zsh's own functions would be asked to offer.
    const script = `fpath=("$1" $fpath); shift
      autoload -U _heliograph
      _arguments() { print -l -- "$@" }
      _describe() { print -l -- "\${(@P)2}" }
      words=("$@") CURRENT=$#
      _heliograph`;
    const offered = (...words) =>
      output('zsh', '-fc', script, 'zsh', functions, 'heliograph', ...words);
    assert.match(offered('t'), /^token:Print an app token/m);
    assert.match(offered('token', '--l'), /^--lifetime\[.*\]:SECONDS:/m);
    assert.match(offered('--tr'), /^--trusted-proxies\[.*\]:LIST:/m);
    assert.match(offered('--c'), /^--config\[.*\]:FILE:_files$/m);
  });
});

describe('a release', { skip }, () => {
  const tarball = `heliograph-${version}-linux-${architecture}.tar.gz`;
  const client = `heliograph-client-${version}.tgz`;

  it('has one version: of the program, the packages and the changelog', async () => {
    assert.equal((await run('heliograph', ['--version'])).output.trim(), `heliograph ${version}`);
    assert.equal(output('dpkg-deb', '--field', deb, 'Version').trim(), version);
    const manifest = JSON.parse(output('tar', '-xzOf', file(client), 'package/package.json'));
    assert.equal(manifest.version, version);
    const read = (name) => readFileSync(path.join(root, name), 'utf8');
    assert.match(read('CHANGELOG.md'), new RegExp(`^## ${version} `, 'm'));
    for (const page of ['README.md', 'docs/deploy.md', 'docs/migration.md']) {
      for (const [named, other] of read(page).matchAll(/heliograph[-_:](\d+\.\d+\.\d+)/g)) {
        assert.equal(other, version, `${page}: ${named}`);
      }
    }
  });

  it('is the same bytes when it is packaged again, from files that only their owner may read', () => {
    const copy = path.join(folder, 'copy');
    output(
      'sh',
      '-c',
      'git -C "$0" ls-files -z | (cd "$0" && xargs -0 cp --parents -t "$1")',
      root,
      mkdir(copy),
    );
    output('sh', '-c', 'chmod -R go= "$0" && ln -s "$1/node_modules" "$0"', copy, root);
    const epoch = output('git', '-C', root, 'log', '-1', '--format=%ct').trim();
    const again = pack('again', { from: copy, epoch }, 'deb', 'tarball', 'npm', 'sbom');
    assert.deepEqual(sums(again), sums(dist));
  });

  it('has the checksums of all its files', () => {
    const listed = readFileSync(file('SHA256SUMS'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('  ')[1]);
    assert.deepEqual(
      listed,
      readdirSync(dist)
        .filter((name) => name !== 'SHA256SUMS')
        .sort(),
    );
    execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: dist });
  });

  it('gives lintian nothing to say', () => {
    const { status, stdout, stderr } = spawnSync('lintian', ['--allow-root', deb], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.equal(stdout.trim(), '');
  });

  it('runs with glibc 2.35', (t) => {
    if (!/^VERSION_ID="12"$/m.test(system)) return t.skip('releases are built on Debian 12');
    const symbols = output('objdump', '--dynamic-syms', path.join(buildFolder, 'heliograph'));
    const needed = [...symbols.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
    assert.ok(needed.length > 0);
    assert.ok(Math.max(...needed) <= 35, String(Math.max(...needed)));
    assert.doesNotMatch(symbols, /GLIBCXX/);
  });

  it('says what the program is made of', () => {
    const document = JSON.parse(
      readFileSync(file(`heliograph-${version}-${architecture}.spdx.json`), 'utf8'),
    );
    assert.equal(document.spdxVersion, 'SPDX-2.3');
    const named = (pattern) => document.packages.find(({ name }) => pattern.test(name));
    for (const pattern of [
      /^heliograph$/,
      /^libssl3/,
      /^libc6$/,
      /^libboost/,
      /^libhiredis-dev$/,
      /^socket\.io-client$/,
    ]) {
      assert.ok(named(pattern)?.versionInfo, String(pattern));
    }
    const ids = document.packages.map(({ SPDXID }) => SPDXID);
    assert.equal(new Set(ids).size, ids.length);
    for (const { spdxElementId, relatedSpdxElement } of document.relationships) {
      for (const id of [spdxElementId, relatedSpdxElement])
        assert.ok(id === 'SPDXRef-DOCUMENT' || ids.includes(id), id);
    }
  });

  it('has an image with the program, all that it loads, and no shell', (t) => {
    const probe = spawnSync('apt-get', ['download', '--print-uris', 'ca-certificates'], {
      encoding: 'utf8',
    });
    const [, uri] = /'(\S+)'/.exec(probe.stdout) ?? [];
    const reach =
      uri &&
      spawnSync('apt-get', ['download', 'ca-certificates'], { cwd: folder, encoding: 'utf8' });
    if (!reach || reach.status !== 0) return t.skip('Debian’s packages cannot be downloaded here');
    const image = path.join(
      pack('image', { from: root }, 'image'),
      `heliograph-${version}-${architecture}.oci.tar`,
    );
    const layout = path.join(folder, 'layout');
    output('sh', '-c', 'mkdir "$1" && tar -xf "$0" -C "$1"', image, layout);
    const blob = (digest) => path.join(layout, 'blobs', digest.replace(':', '/'));
    const json = (file_) => JSON.parse(readFileSync(file_, 'utf8'));
    const {
      manifests: [named],
    } = json(path.join(layout, 'index.json'));
    assert.equal(named.annotations['org.opencontainers.image.ref.name'], `heliograph:${version}`);
    const manifest = json(blob(named.digest));
    const { config, os: system } = json(blob(manifest.config.digest));
    assert.equal(system, 'linux');
    assert.deepEqual(config.Entrypoint, ['/usr/bin/heliograph']);
    assert.equal(config.User, '10001:10001');
    const files = path.join(folder, 'image-root');
    output(
      'sh',
      '-c',
      'mkdir "$1" && tar -xf "$0" -C "$1"',
      blob(manifest.layers[0].digest),
      files,
    );
    assert.deepEqual(
      readdirSync(path.join(files, 'usr/bin')).filter((name) => /sh$/.test(name)),
      [],
    );
    const libraries = output('ldd', path.join(buildFolder, 'heliograph'));
    for (const [, library] of libraries.matchAll(/(\/\S+) \(0x/g)) {
      assert.ok(existsSync(path.join(files, library)), library);
    }
    if (process.getuid() !== 0) return t.diagnostic('not run: only root may chroot into it');
    assert.equal(
      output('chroot', files, '/usr/bin/heliograph', '--version').trim(),
      `heliograph ${version}`,
    );
  });

  it('has a tarball whose program runs where it is unpacked', async () => {
    const to = path.join(folder, 'unpacked');
    output('mkdir', to);
    output('tar', '-xzf', file(tarball), '-C', to);
    const program = path.join(to, `heliograph-${version}-linux-${architecture}`, 'bin/heliograph');
    assert.equal((await run(program, ['--version'])).output.trim(), `heliograph ${version}`);
  });
});

describe('the Debian package', { skip }, () => {
  let machine;
  let why = null;
  before(async () => {
    const made = await Machine.make();
    machine = made.machine;
    if (!machine) why = `no overlay can be made here: ${made.failure}`;
  });
  after(() => machine?.end());

  /** A step; the later ones need the earlier ones. */
  const step = (name, body) =>
    it(name, async (t) => {
      if (why) return t.skip(why);
      await body(t);
    });
  const environment = '/etc/heliograph/environment';
  const next = `${version}+next`;
  const state = () => machine.run(`stat -c '%U %G %a' ${environment}; cat ${environment}`);

  step('installs a user, a file for secrets that others cannot read, and starts nothing', () => {
    machine.run('dpkg --install "$1"', deb);
    assert.equal(machine.run(`stat -c '%U %G %a' ${environment}`).trim(), 'root heliograph 640');
    assert.match(machine.run('getent passwd heliograph'), /nologin$/m);
    assert.deepEqual(machine.systemctl(), []);
  });

  step('has a unit whose program, user and file are those that it installs', () => {
    const unit = machine.run('cat "$(dpkg --listfiles heliograph | grep /heliograph.service)"');
    const [, program] = /^ExecStart=(\S+)/m.exec(unit);
    machine.run('test -x "$1"; getent passwd "$2"', program, /^User=(\S+)/m.exec(unit)[1]);
    assert.ok(unit.includes(environment));
  });

  step('is set up by one command, which keeps the owner and the mode', () => {
    const said = machine.run('heliograph setup');
    assert.match(said, /systemctl enable --now heliograph/);
    const [access, ...lines] = state().split('\n');
    assert.equal(access, 'root heliograph 640');
    assert.match(lines.join('\n'), /^APP_SECRET=[0-9a-f]{64}$/m);
  });

  step('starts as its user, is healthy, and two clients meet', async (t) => {
    const asUser = ['setpriv', '--reuid=heliograph', '--regid=heliograph', '--clear-groups'];
    const serve = [
      'heliograph',
      '--environment-file',
      environment,
      '--port',
      '0',
      '--log-format',
      'json',
    ];
    const [command, ...args] = machine.command(...asUser, ...serve);
    const program = new Program(`/usr/bin/${command}`, args);
    t.after(async () => {
      program.signal('SIGTERM');
      await program.exit();
    });
    const port = await program.line(
      (line) => /"listening".*"port":(\d+)/.exec(line)?.[1],
      'its port',
    );
    machine.run('heliograph --health --wait 10 --port "$1"', port);
    const token = machine.run('heliograph token --app tests').trim();
    const server = { url: `http://127.0.0.1:${port}` };
    const peers = [await Peer.connect(server, { token }), await Peer.connect(server, { token })];
    for (const peer of peers) await peer.authenticate();
    await relay(...peers, await meeting(...peers));
    peers.forEach((peer) => peer.disconnect());
  });

  step('is upgraded: restarts once, and leaves secrets and settings as they are', () => {
    machine.enableService();
    machine.run(`echo 'LOG_LEVEL=debug' >>${environment}`);
    const before = state();
    machine.run(
      `dpkg-deb --raw-extract "$1" /tmp/next
       sed -i "s/^Version: .*/Version: $2/" /tmp/next/DEBIAN/control
       cd /tmp/next
       echo '# Of the next version.' >>"$(find . -name heliograph.service)"
       find . -type f -not -path './DEBIAN/*' -printf '%P\\0' | xargs -0 md5sum >DEBIAN/md5sums
       dpkg-deb --build --root-owner-group /tmp/next /tmp/next.deb
       dpkg --install /tmp/next.deb`,
      deb,
      next,
    );
    assert.equal(machine.run("dpkg-query -W -f '${Version}' heliograph"), next);
    assert.equal(state(), before);
    const told = machine.systemctl();
    assert.equal(told.length, 1, told.join('\n'));
    assert.match(told[0], /restart.*heliograph\.service/);
  });

  step('is removed: stops, and keeps secrets and settings', () => {
    const before = state();
    machine.run('dpkg --remove heliograph');
    assert.match(machine.systemctl().join('\n'), /^.*stop.*heliograph\.service$/);
    assert.equal(state(), before);
    machine.run('! command -v heliograph');
  });

  step('is purged: takes the secrets along', () => {
    machine.run('dpkg --install "$1" && heliograph setup && dpkg --purge heliograph', deb);
    machine.run('! test -e /etc/heliograph');
  });
});
