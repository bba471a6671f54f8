import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root, workshop } from './build.mjs';
import { cleanClone, compile, installPacked, pack, run } from './packed.mjs';

/** The most bytes, plain and compressed, in a page that imports everything, or `Signal` alone. */
const kLargest = {
  '*': [28_200, 12_250],
  '{ Signal }': [14_000, 6_400],
};

/** The targets of all links of a paper: in the text, and defined below it. */
const linksOf = (paper) =>
  [...paper.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, defined]) => inline ?? defined,
  );

describe("npm pack in the package's own folder of a clean clone", () => {
  test('makes the whole tarball, and leaves nothing behind that git would take', () => {
    const clone = cleanClone({ tools: true });
    const files = run(clone.folder, 'tar', '-tzf', pack(clone, workshop())).split('\n');
    for (const file of ['LICENSE', 'README.md', 'dist/esm/index.js', 'dist/cjs/index.d.ts']) {
      assert.ok(files.includes(`package/${file}`), file);
    }
    const git = (...values) => run(clone.folder, 'git', ...values);
    assert.equal(
      git('ls-files', '--others', '--exclude-standard', '--exclude', 'node_modules'),
      '',
    );
    assert.equal(git('diff', '--name-only'), '');
  });

  test('names the missing tools if nothing is installed', () => {
    assert.throws(
      () => pack(cleanClone({ tools: false }), workshop()),
      ({ stderr }) =>
        /needs esbuild and typescript.*\n.*npm ci/.test(stderr) && !stderr.includes('    at '),
    );
  });
});

describe('the package as npm packs it', () => {
  let project;

  before(() => {
    project = installPacked();
  });

  const installed = (...path) => join(project, 'node_modules/@heliograph/client', ...path);
  const read = (...path) => readFileSync(installed(...path), 'utf8');
  const pagesOf = ({ url }) => url.replace(/^git\+/, '').replace(/\.git$/, '/');

  const node = (file, program) => {
    writeFileSync(join(project, file), program);
    return execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8' }).trim();
  };

  test('has the built files and the examples, and nothing of the source', () => {
    const files = readdirSync(installed());
    assert.deepEqual(files.sort(), ['LICENSE', 'README.md', 'dist', 'examples', 'package.json']);
    assert.equal(read('LICENSE'), readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  test('says where its source is, and where bugs are reported', () => {
    const { bugs, homepage, repository } = JSON.parse(read('package.json'));
    assert.equal(repository.directory, 'clients/typescript');
    assert.match(repository.url, /^git\+https:.*\.git$/);
    for (const url of [bugs.url, homepage]) assert.ok(url.startsWith(pagesOf(repository)), url);
  });

  test('has papers whose links work on the pages of npm', () => {
    const { repository } = JSON.parse(read('package.json'));
    const sources = `${pagesOf(repository)}blob/main/`;
    for (const paper of ['README.md', 'examples/README.md']) {
      for (const link of linksOf(read(paper))) {
        const [path, heading] = link.replace(sources, '').split('#');
        if (link.startsWith(sources)) {
          const source = readFileSync(join(root, path), 'utf8');
          if (heading) assert.match(source, new RegExp(`^#+ ${heading}$`, 'im'), link);
        } else if (!link.startsWith('https://') && !link.startsWith('#')) {
          const target = relative(installed(), installed(dirname(paper), path));
          assert.ok(!target.startsWith('..') && existsSync(installed(target)), `${paper}: ${link}`);
        }
      }
    }
  });

  test('is imported and required, with the same things in it', () => {
    const say = 'console.log(Object.keys(client).sort().join())';
    const names = 'Call,Emitter,Signal,SignalError';
    assert.equal(node('a.mjs', `import * as client from '@heliograph/client';${say}`), names);
    assert.equal(node('a.cjs', `const client = require('@heliograph/client');${say}`), names);
    const stats = '@heliograph/client/stats';
    const statsNames = 'createStatsMeter,watchStats';
    assert.equal(node('a.mjs', `import * as client from '${stats}';${say}`), statsNames);
    assert.equal(node('a.cjs', `const client = require('${stats}');${say}`), statsNames);
  });

  test('has types, for both kinds of module and each way of finding them', () => {
    const program = `import { Call, Signal } from '@heliograph/client';
      import { watchStats } from '@heliograph/client/stats';
      export async function meet(url: string, token: string): Promise<number> {
        const call = new Call(await Signal.connect(url, { token }));
        call.on('stream', ({ stream, kind }) => console.log(stream.id, kind.length));
        watchStats(call, 1000, ({ peer, stats }) => console.log(peer.id, stats.quality.length));
        await call.enter('lobby', { password: 'opal' });
        // @ts-expect-error: there is no such event
        call.on('no-such-event', () => {});
        return call.peers.size;
      }`;
    writeFileSync(join(project, 'b.mts'), program);
    writeFileSync(join(project, 'b.cts'), program);
    writeFileSync(join(project, 'b.ts'), program);
    compile(project, ['b.mts', 'b.cts'], '--module', 'node16');
    compile(project, ['b.ts'], '--module', 'esnext', '--moduleResolution', 'bundler');
    compile(project, ['b.ts'], '--module', 'commonjs', '--moduleResolution', 'node10');
  });

  for (const [names, [most, mostCompressed]] of Object.entries(kLargest)) {
    test(`is small in a page that imports ${names}, without socket.io-client`, async () => {
      const { outputFiles } = await build({
        stdin: { contents: `export ${names} from '@heliograph/client'`, resolveDir: project },
        bundle: true,
        external: ['socket.io-client'],
        format: 'esm',
        minify: true,
        write: false,
      });
      const { contents } = outputFiles[0];
      assert.ok(contents.length < most, `${contents.length} bytes`);
      const compressed = gzipSync(contents).length;
      assert.ok(compressed < mostCompressed, `${compressed} bytes compressed`);
    });
  }

  test('is left out of a bundle that does not use it', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "import '@heliograph/client'", resolveDir: project },
      bundle: true,
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    assert.ok(!outputFiles[0].text.includes('class'));
  });
});
