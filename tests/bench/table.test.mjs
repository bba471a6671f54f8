// The table of `./dev bench`, made of the figures recorded on 2026-11-26.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { ROWS } from '../../bench/runner/rows.mjs';
import { serversOf } from '../../bench/runner/servers.mjs';
import { tableOf } from '../../bench/runner/table.mjs';

const SERVERS = serversOf('');
const FIGURES = {
  'description-1': { ws: 162, uws: 78.7, echo: 9.96, heliograph: 15.2 },
  'description-8': { ws: 71.3, uws: 39.1, echo: 1.79, heliograph: 4.23 },
  rooms: { ws: 119, uws: 48.8, heliograph: 10.1 },
  idle: { ws: 15237, uws: 9394, echo: 216, heliograph: 1039 },
  latency: { ws: 2791, uws: 6574, echo: 9284, heliograph: 2995 },
  'beside-idle': { heliograph: 1.05 },
  workers: { heliograph: 1.24 },
  'two-nodes': { ws: 142, heliograph: 7.92 },
};

// The cells of the table's line for a row, by the column's title.
function lineOf(id, figures = FIGURES[id]) {
  const row = ROWS.find((each) => each.id === id);
  const [head, , line] = tableOf([{ row, medians: figures }], SERVERS).split('\n');
  const cells = (text) =>
    text
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const values = cells(line);
  return Object.fromEntries(cells(head).map((title, at) => [title, values[at]]));
}

// The description of the targets, for a reader.
function judged(id, figures) {
  const { ratio, target, verdict } = lineOf(id, figures);
  return { ratio, target, verdict };
}

const without = (figures, missing) =>
  Object.fromEntries(Object.entries(figures).filter(([id]) => id !== missing));
const times = (figures, factor) =>
  Object.fromEntries(Object.entries(figures).map(([id, value]) => [id, value * factor]));

describe('a line of the bench table', () => {
  it('shows the figures of all servers, the ratios, the targets and the verdict', () => {
    assert.deepEqual(lineOf('description-8'), {
      work: 'relay of a 2500 B session description, 200 pairs, 8 in flight: CPU µs a message',
      'socket.io + ws': '71.3',
      'socket.io + uWS': '39.1',
      'bare echo': '1.79',
      Heliograph: '4.23',
      ratio: '0.108 × best peer, 2.36 × echo',
      target: '≤ 0.148, ≤ 2.5',
      verdict: 'met',
    });
  });

  it('names the target that is missed if there are two', () => {
    assert.deepEqual(judged('description-1'), {
      ratio: '0.193 × best peer, 1.53 × echo',
      target: '≤ 0.286, ≤ 1.43',
      verdict: 'missed: echo',
    });
    const dear = { ...FIGURES['description-1'], heliograph: 100 };
    assert.equal(judged('description-1', dear).verdict, 'missed: best peer, echo');
  });

  it('compares with the cheapest peer, whichever that is', () => {
    assert.equal(judged('rooms').ratio, '0.207 × best peer');
    assert.equal(judged('rooms', { ws: 40, uws: 80, heliograph: 10 }).ratio, '0.25 × best peer');
  });

  it('compares with the only peer that has several nodes', () => {
    assert.deepEqual(judged('two-nodes'), {
      ratio: '0.0558 × best peer',
      target: '≤ 0.2',
      verdict: 'met',
    });
  });

  it('holds bytes against bytes', () => {
    assert.deepEqual(judged('idle'), { ratio: '', target: '≤ 1200 B', verdict: 'met' });
    assert.equal(judged('idle', { heliograph: 1201 }).verdict, 'missed');
  });

  it('shows a figure that is a ratio already as the ratio', () => {
    assert.equal(lineOf('workers').Heliograph, '');
    assert.deepEqual(judged('workers'), { ratio: '1.24', target: '≤ 1.2', verdict: 'missed' });
    assert.deepEqual(judged('beside-idle'), { ratio: '1.05', target: '≤ 1.15', verdict: 'met' });
  });

  it('compares the latency with the echo alone', () => {
    assert.deepEqual(judged('latency'), { ratio: '0.323 × echo', target: '≤ 3', verdict: 'met' });
    assert.equal(judged('latency', { ...FIGURES.latency, heliograph: 27853 }).verdict, 'missed');
  });

  it('meets a target that it just reaches', () => {
    assert.equal(judged('two-nodes', { ws: 50, heliograph: 10 }).verdict, 'met');
  });
});

describe('the verdict', () => {
  it('is the same on a machine three times as slow', () => {
    for (const id of ['description-1', 'description-8', 'rooms', 'latency', 'two-nodes']) {
      assert.deepEqual(judged(id, times(FIGURES[id], 3)), judged(id));
    }
  });

  it('is not "met" if the cheapest peer did not run', () => {
    const { ratio, verdict } = judged('rooms', without(FIGURES.rooms, 'uws'));
    assert.equal(ratio, '– × best peer');
    assert.equal(verdict, 'not judged: no figure of socket.io + uWS');
  });

  it('is not "met" if only one of two targets could be judged', () => {
    const { ratio, verdict } = judged('description-8', without(FIGURES['description-8'], 'uws'));
    assert.equal(ratio, '– × best peer, 2.36 × echo');
    assert.equal(verdict, 'not judged: no figure of socket.io + uWS');
  });

  it('is "missed" if one target is missed and the other could not be judged', () => {
    const figures = without(FIGURES['description-1'], 'uws');
    assert.equal(judged('description-1', figures).verdict, 'missed: echo');
  });

  it('names every server that has no figure', () => {
    assert.equal(
      judged('description-8', { ws: 71.3 }).verdict,
      'not judged: no figure of Heliograph, socket.io + uWS, bare echo',
    );
    assert.equal(judged('workers', {}).verdict, 'not judged: no figure of Heliograph');
    assert.equal(
      judged('latency', { heliograph: 2995 }).verdict,
      'not judged: no figure of bare echo',
    );
  });

  it('does not take a figure of zero for a reference', () => {
    const figures = { ...FIGURES['description-8'], echo: 0 };
    assert.equal(judged('description-8', figures).verdict, 'not judged: no figure of bare echo');
  });
});

describe('every row', () => {
  it('has a target, and only bytes do not depend on a reference', () => {
    for (const { id, targets, servers } of ROWS) {
      const kinds = Object.keys(targets);
      assert.ok(kinds.length > 0, id);
      if (kinds.includes('ofEcho')) assert.ok(servers.includes('echo'), id);
      if (kinds.includes('ofBestPeer')) assert.ok(servers.includes('ws'), id);
      assert.equal(kinds.includes('bytes'), id === 'idle', id);
    }
  });
});
