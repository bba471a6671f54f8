// This Heliograph beside another build of it: what each spends in turn, and the ratio of the two.
import { figure, markdown } from './table.mjs';

// What one process spends by itself.
export const AGAINST_ROWS = [
  'description-1',
  'description-8',
  'candidate-8',
  'rooms',
  'connect',
  'call',
  'idle',
];
const TAIL = 8; // of so many ratios the largest and the smallest are left out: a neighbour's doing

export function withOther(servers, program) {
  const { heliograph } = servers;
  return { heliograph, other: { ...heliograph, title: 'the other', program } };
}

// `results`: of measure.mjs, each run of the one beside the same run of the other.
export function againstTable(results) {
  const head = ['work', 'the other', 'this one', 'this ÷ the other', '±'];
  const lines = results
    .filter(({ failures }) => Object.keys(failures).length === 0)
    .map(({ row, medians, runs }) => {
      const values = (id) => runs[id].map(row.value);
      const others = values('other');
      const { ratio, error } = meanRatio(values('heliograph').map((value, at) => value / others[at]));
      const cells = [medians.other, medians.heliograph].map(figure);
      return [row.title, ...cells, ratio.toFixed(3), error.toFixed(3)];
    });
  return markdown([head, ...lines]);
}

// The geometric mean without the tails, and its standard error.
function meanRatio(ratios) {
  const cut = Math.floor(ratios.length / TAIL);
  const logs = ratios.map(Math.log).sort((a, b) => a - b);
  const kept = logs.slice(cut, logs.length - cut);
  const mean = kept.reduce((sum, log) => sum + log, 0) / kept.length;
  const squares = kept.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  const error = Math.sqrt(squares / kept.length / Math.max(1, kept.length - 1));
  return { ratio: Math.exp(mean), error };
}
