// `./dev bench --against` compares two builds.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { againstTable } from '../../bench/runner/against.mjs';

const row = { title: 'a row', value: ({ microseconds }) => microseconds };

// The cells of the line for a row in which the other build cost 10 µs in each run.
function lineOf(...costs) {
  const runs = {
    heliograph: costs.map((microseconds) => ({ microseconds })),
    other: costs.map(() => ({ microseconds: 10 })),
  };
  const medians = { heliograph: costs[0], other: 10 };
  const [, , line] = againstTable([{ row, medians, runs, failures: {} }]).split('\n');
  const [title, other, own, ratio, error, target, verdict] = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  return { title, other, own, ratio, error, target, verdict };
}

describe('two builds in turn', () => {
  it('show what both cost, the ratio with its error, the target and the verdict', () => {
    assert.deepEqual(lineOf(9, 9, 9, 9, 9, 9, 9, 9), {
      title: 'a row',
      other: '10',
      own: '9',
      ratio: '0.900',
      error: '0.000',
      target: '≤ 1.01',
      verdict: 'met',
    });
  });

  it('miss the target if the error does not explain the difference', () => {
    assert.equal(lineOf(10.4, 10.5, 10.6, 10.5, 10.4, 10.5, 10.6, 10.5).verdict, 'missed');
  });

  it('are not judged if it does', () => {
    assert.equal(
      lineOf(9, 10.5, 12, 10.5, 9, 10.5, 12, 10.5).verdict,
      'not judged: within the error',
    );
  });

  it('have no error after one run', () => {
    assert.equal(lineOf(9).error, '');
  });

  it('are not judged after a few runs, whose error says little', () => {
    assert.equal(lineOf(9).verdict, 'not judged: too few runs');
    assert.equal(lineOf(10.4, 10.5, 10.6).verdict, 'not judged: too few runs');
  });

  it('leave out an eighth of the runs at each end', () => {
    assert.equal(lineOf(1, 9, 9, 9, 9, 9, 9, 1000).ratio, '0.900');
  });

  it('have no line if one of them failed', () => {
    const failed = { row, medians: {}, runs: {}, failures: { other: 'did not start' } };
    assert.equal(againstTable([failed]).split('\n').length, 2);
  });
});
