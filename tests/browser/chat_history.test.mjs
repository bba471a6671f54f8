// Members send latecomers the earlier messages, and latecomers accept only what makes sense.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importSource } from './import_source.mjs';

const { tellLines, readLines } = await importSource('chat_history.ts');
const { ChatLines } = await importSource('chat_lines.ts');

const kNow = 1_800_000_000_000;
const lineOf = (number, text = 'Hello') => ({
  id: `id-${number}`,
  name: 'Ada',
  text,
  isOwn: true,
  time: kNow - 100_000 + number,
});
const lines = (count, text) => Array.from({ length: count }, (_, number) => lineOf(number, text));

describe('the history of the chat', () => {
  test('arrives unchanged, but as somebody else’s', () => {
    const said = lines(3);
    assert.deepEqual(
      readLines(tellLines(said, kNow), kNow),
      said.map((line) => ({ ...line, isOwn: false })),
    );
  });

  test('has the times of the receiver’s clock', () => {
    const [line] = readLines(tellLines(lines(1), kNow), 5_000_000);
    assert.equal(line.time, 5_000_000 - 100_000);
  });

  test('has the latest messages that fit', () => {
    const told = tellLines(lines(300), kNow);
    assert.equal(told.length, 100);
    assert.equal(told.at(-1).id, 'id-299');
    const long = tellLines(lines(100, '日'.repeat(2000)), kNow);
    assert.ok(new TextEncoder().encode(JSON.stringify(long)).length <= 48 * 1024);
    assert.ok(long.length > 5, `${long.length} of them`);
    assert.equal(long.at(-1).id, 'id-99');
  });

  test('is left out if it is nonsense', () => {
    const good = { id: 'a', name: 'Ada', text: 'Hello', age: 5 };
    const bad = [
      null,
      5,
      'text',
      [],
      {},
      { ...good, id: 5 },
      { ...good, id: '' },
      { ...good, id: 'x'.repeat(65) },
      { ...good, text: '' },
      { ...good, text: {} },
      { ...good, age: -1 },
      { ...good, age: NaN },
      { ...good, age: '5' },
      { ...good, age: 1e300 },
    ];
    assert.deepEqual(readLines(bad, kNow), []);
    for (const none of [null, 'wanted', {}, 5]) assert.deepEqual(readLines(none, kNow), []);
    const long = { ...good, name: 7, text: 'x'.repeat(5000) };
    const [line] = readLines([long], kNow);
    assert.deepEqual([line.name, line.text.length], ['Guest', 2000]);
    assert.equal(readLines(Array(500).fill(good), kNow).length, 100);
  });

  test('keeps each message once, in the order of time, and forgets the oldest', () => {
    const kept = new ChatLines();
    assert.equal(kept.add([lineOf(2), lineOf(1), lineOf(2)]).length, 2);
    assert.equal(kept.add([lineOf(1), lineOf(3)]).length, 1);
    assert.deepEqual(
      kept.all.map(({ id }) => id),
      ['id-1', 'id-2', 'id-3'],
    );
    kept.add(lines(300));
    assert.equal(kept.all.length, 200);
    assert.equal(kept.all.at(-1).id, 'id-299');
  });
});
