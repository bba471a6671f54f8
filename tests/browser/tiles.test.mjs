import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitTiles } from '../../web/demo/scripts/tiles.js';

const gap = 8;

function allFit(count, { width, height }, boxWidth, boxHeight) {
  const columns = Math.floor((boxWidth + gap) / (width + gap));
  const rows = Math.ceil(count / columns);
  return rows * height + (rows - 1) * gap <= boxHeight + 0.001;
}

test('up to sixteen tiles fit a phone, a laptop and a wide screen, in a pleasant shape', () => {
  for (const [boxWidth, boxHeight] of [
    [370, 640],
    [1248, 560],
    [2500, 1100],
  ]) {
    for (let count = 1; count <= 16; count += 1) {
      const tile = fitTiles(count, boxWidth, boxHeight);
      const what = `${count} tiles of ${tile.width} × ${tile.height} in ${boxWidth} × ${boxHeight}`;
      assert.ok(allFit(count, tile, boxWidth, boxHeight), what);
      const shape = tile.width / tile.height;
      assert.ok(shape > 4 / 3 - 0.001 && shape < 16 / 9 + 0.001, what);
    }
  }
});

test('three people stand below each other on a phone and fill its width', () => {
  assert.equal(fitTiles(3, 370, 720).width, 370);
});

test('two people stand side by side on a wide screen', () => {
  const { width } = fitTiles(2, 1600, 600);
  assert.equal(width, (1600 - gap) / 2);
});

test('nobody needs no room', () => {
  assert.deepEqual(fitTiles(0, 800, 600), { width: 0, height: 0 });
});
