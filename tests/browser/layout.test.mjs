// Where the tiles of a call are, on stages of any shape.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importSource } from './import_source.mjs';

const { arrangeGrid, arrangeSpotlight } = await importSource('layout.ts');

const kGap = 8;
const kStages = [
  [370, 640],
  [1248, 560],
  [2500, 1100],
  [300, 300],
].map(([width, height]) => ({ width, height, gap: kGap }));

/** Left of it or above it, with the gap between them. */
const isBefore = (one, other) =>
  one.x + one.width + kGap < other.x + 0.01 || one.y + one.height + kGap < other.y + 0.01;

function assertApart(rectangles, { width, height }, what) {
  for (const [index, each] of rectangles.entries()) {
    const isInside =
      each.x > -0.01 &&
      each.y > -0.01 &&
      each.x + each.width < width + 0.01 &&
      each.y + each.height < height + 0.01;
    assert.ok(isInside, `${what}: tile ${index} is on the stage: ${JSON.stringify(each)}`);
    for (const other of rectangles.slice(index + 1)) {
      const isApart = isBefore(each, other) || isBefore(other, each);
      assert.ok(isApart, `${what}: ${JSON.stringify([each, other])}`);
    }
  }
}

describe('the stage', () => {
  for (const stage of kStages) {
    const name = `${stage.width} × ${stage.height}`;

    test(`of ${name} holds up to sixteen equal tiles in a pleasant shape`, () => {
      const [narrowest, widest] = stage.height > stage.width ? [0.8, 2.2] : [4 / 3, 16 / 9];
      for (let count = 1; count <= 16; count += 1) {
        const tiles = arrangeGrid(count, stage);
        assert.equal(tiles.length, count);
        assertApart(tiles, stage, `${count} on ${name}`);
        for (const { width, height } of tiles) {
          const shape = width / height;
          assert.ok(shape > narrowest - 0.01 && shape < widest + 0.01, `${count}: ${shape}`);
        }
      }
    });

    test(`of ${name} holds a screen and up to twelve people beside it`, () => {
      for (let people = 1; people <= 12; people += 1) {
        const [screen, ...tiles] = arrangeSpotlight(people + 1, stage);
        assert.equal(tiles.length, people);
        assertApart([screen, ...tiles], stage, `${people} on ${name}`);
        const area = ({ width, height }) => width * height;
        const isLargest = tiles.every((tile) => area(tile) < area(screen));
        assert.ok(isLargest, `${people}: the screen is the largest`);
      }
    });
  }

  test('on a phone shows three people below each other, over its whole width', () => {
    for (const { x, width } of arrangeGrid(3, { width: 370, height: 640, gap: kGap })) {
      assert.deepEqual([x, width], [0, 370]);
    }
  });

  test('on a wide screen shows two people side by side', () => {
    const [first, second] = arrangeGrid(2, { width: 1600, height: 600, gap: kGap });
    assert.equal(first.width, (1600 - kGap) / 2);
    assert.equal(first.y, second.y);
  });

  test('that is not shown has no size', () => {
    const tiles = arrangeGrid(3, { width: 0, height: 0, gap: kGap });
    assert.ok(tiles.every(({ width, height }) => width === 0 && height === 0));
    assert.deepEqual(arrangeGrid(0, { width: 800, height: 600, gap: kGap }), []);
  });
});
