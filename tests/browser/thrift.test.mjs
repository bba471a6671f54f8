// How large one's own picture is, by how many others are in the call.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importSource } from './import_source.mjs';

const { beThrifty } = await importSource('thrift.ts');

/** A visit to a room, as far as the pictures need it: `limits` has what the camera was told. */
function visitOf() {
  const listeners = new Map();
  const peers = new Map();
  const ending = new AbortController();
  const limits = [];
  beThrifty({
    call: { peers, on: (name, listener) => listeners.set(name, listener) },
    media: { limit: (picture) => limits.push(picture?.width ?? null) },
    over: ending.signal,
  });
  const have = (count) => {
    const event = count > peers.size ? 'peer-joined' : 'peer-left';
    peers.clear();
    for (let i = 0; i < count; i += 1) peers.set(i, {});
    listeners.get(event)();
    return limits.at(-1);
  };
  return { have, limits, leave: () => ending.abort() };
}

describe('one’s own picture', () => {
  test('is smaller from five people on, and smaller still from seven', () => {
    const { have } = visitOf();
    assert.deepEqual([1, 3, 4, 5, 6, 12].map(have), [null, null, 480, 480, 320, 320]);
  });

  test('grows again when people leave, and when the call is over', () => {
    const { have, leave, limits } = visitOf();
    assert.deepEqual([6, 5, 3].map(have), [320, 480, null]);
    have(6);
    leave();
    assert.equal(limits.at(-1), null);
  });
});
