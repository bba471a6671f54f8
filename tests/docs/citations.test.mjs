// Comments and papers cite only what the repository has: its files and their headings.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(
    (file) => file && existsSync(path.join(root, file)) && !/\.(png|svg)$|package-lock/.test(file),
  );

/** The cited file, named from the root or from the folder of the file that cites it. */
function cited(name, by) {
  return [name, path.join(path.dirname(by), name)].find((file) =>
    existsSync(path.join(root, file)),
  );
}

function headingsOf(file) {
  const prose = read(file).replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
}

/** The text with each comment and each paragraph on one line. */
const unwrapped = (text) => text.replace(/\n[ \t]*(?:\/\/\/?|\*|#)?[ \t]*(?=\S)/g, ' ');

/** Each heading in quotes that follows the name of a paper and a comma; "and" adds another. */
function citationsIn(file) {
  const quoted = '"[^"\\n]+"';
  const pattern = new RegExp(`([\\w./-]+\\.md), (${quoted}(?: and ${quoted})*)`, 'g');
  return [...unwrapped(read(file)).matchAll(pattern)].flatMap(([, name, headings]) =>
    [...headings.matchAll(/"([^"]+)"/g)].map(([, heading]) => ({ file, name, heading })),
  );
}

describe('citations', () => {
  it('of a heading name one that is there', () => {
    const all = files.flatMap(citationsIn);
    assert.ok(all.length > 20, 'citations are found');
    const wrong = all.filter(({ file, name, heading }) => {
      const target = cited(name, file);
      return !target || !headingsOf(target).includes(heading);
    });
    assert.deepEqual(wrong, []);
  });

  it('in comments name files that are there', () => {
    const wrong = files
      .filter((file) => !file.endsWith('.md'))
      .flatMap((file) =>
        [...read(file).matchAll(/^.*?(?:\/\/|#|^ *\*|\/\*) ?(.*)$/gm)].flatMap(([, comment]) =>
          [...comment.matchAll(/(?<![\w@/.*-])[\w./-]+\.md\b/g)]
            .filter(([name]) => !cited(name, file))
            .map(([name]) => `${file}: ${name}`),
        ),
      );
    assert.deepEqual(wrong, []);
  });

  it('are of no issue, because readers of the repository do not have the tracker', () => {
    const wrong = files.flatMap((file) =>
      [...read(file).matchAll(/\bissue #?\d+/gi)].map(([issue]) => `${file}: ${issue}`),
    );
    assert.deepEqual(wrong, []);
  });
});
