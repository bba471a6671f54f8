// build/release/heliograph as it is deployed: without symbols and build paths, and hardened. Trees
// for tests keep their symbols, for stack traces.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFolder } from '../support/program.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const program = path.join(buildFolder, 'heliograph');
const symbols = `${program}.debug`;
const isForTests = /^(asan|tsan|lint)$/.test(path.basename(buildFolder));

function readelf(file, ...flags) {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 };
  return execFileSync('readelf', ['--wide', ...flags, file], options);
}

/** The sections of a file: `{name: {type, address, offset}}`. */
function sectionsOf(file) {
  const row = /^ *\[ *\d+\] (\S+) +(\S+) +([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+ /gm;
  const rows = [...readelf(file, '--section-headers').matchAll(row)];
  return Object.fromEntries(
    rows.map(([, name, type, address, offset]) => [
      name,
      { type, address: parseInt(address, 16), offset: parseInt(offset, 16) },
    ]),
  );
}

/**
 * The program's own functions, `{name, address}`, but for those that only their own file knows: GCC
 * 14 does not mark these if nobody takes their address.
 */
function functionsOf(file) {
  const row =
    /^ *\d+: ([0-9a-f]+) +[1-9]\d* FUNC +(?:GLOBAL|WEAK) +\w+ +\d+ (_ZNK?10heliograph\w+)$/gm;
  const functions = [...readelf(file, '--symbols').matchAll(row)];
  return functions
    .map(([, address, name]) => ({ name, address: parseInt(address, 16) }))
    .filter(({ name }) => !name.includes('_GLOBAL__N_'));
}

describe('the program in a tree for tests', { skip: !isForTests }, () => {
  it('has its symbols and line numbers in it', () => {
    const sections = Object.keys(sectionsOf(program));
    for (const name of ['.symtab', '.debug_info', '.debug_line'])
      assert.ok(sections.includes(name), name);
    assert.ok(!existsSync(symbols));
  });
});

describe('the program as it is deployed', { skip: isForTests }, () => {
  it('is stripped, and says which file has its symbols', () => {
    const sections = sectionsOf(program);
    const left = Object.keys(sections).filter((name) =>
      /^\.(symtab|strtab|z?debug_.*)$/.test(name),
    );
    assert.deepEqual(left, []);
    assert.match(readelf(program, '--string-dump=.gnu_debuglink'), /\bheliograph\.debug\b/);
  });

  it('has its symbols and line numbers beside it', () => {
    const sections = sectionsOf(symbols);
    for (const name of ['.symtab', '.debug_info', '.debug_line']) assert.ok(name in sections, name);
    const idOf = (file) => /Build ID: (\S+)/.exec(readelf(file, '--notes'))[1];
    assert.equal(idOf(symbols), idOf(program));
  });

  it('does not say where it was built', () => {
    const bytes = readFileSync(program);
    for (const folder of [root, buildFolder]) assert.ok(!bytes.includes(folder), folder);
  });

  // Whether a processor is told to look depends on all that is linked: on Debian 12 neither the C
  // library's start files nor hiredis are made for it. Our own code is, so no other has to wait.
  it(
    'marks where its functions may be called',
    { skip: !['x64', 'arm64'].includes(process.arch) },
    () => {
      const marks = { x64: [0xfa1e0ff3], arm64: [0xd503245f, 0xd503233f] }[process.arch];
      const bytes = readFileSync(program);
      const { address, offset } = sectionsOf(program)['.text'];
      const functions = functionsOf(symbols);
      assert.ok(functions.length > 100, `${functions.length} functions`);
      const firstWord = (one) => bytes.readUInt32LE(one.address - address + offset);
      const unmarked = functions.filter((one) => !marks.includes(firstWord(one)));
      assert.deepEqual(
        unmarked.map(({ name }) => name),
        [],
      );
    },
  );

  it(
    'is made of objects that the linker takes for protected',
    { skip: process.arch !== 'x64' },
    () => {
      for (const folder of ['reactor', 'http', 'transport', 'server', 'http_api', 'assets']) {
        const library = `heliograph_${folder}`;
        const notes = readelf(path.join(buildFolder, `src/lib${library}.a`), '--notes');
        const objects = notes.split(/^File: /m).slice(1);
        assert.ok(objects.length > 0);
        for (const object of objects) assert.match(object, /IBT, SHSTK/, object.split('\n')[0]);
      }
    },
  );
});
