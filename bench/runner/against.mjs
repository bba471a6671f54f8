// This Heliograph beside another build of it: what each spends in turn, and the ratio of the two.
import { figure, markdown } from './table.mjs';

// The rows that say what one build spends; the others are ratios of two of its runs.
export const AGAINST_ROWS = [
  'description-1',
  'description-8',
  'candidate-8',
  'rooms',
  'connect',
  'call',
  'idle',
  'two-nodes',
  'two-nodes-description',
];
const TAIL = 8; // an eighth of the ratios is left out at each end: a neighbour's doing
const MOST = 1.01; // this ÷ the other: it may cost no more, and a hundredth is left to chance
const FEWEST = 8; // runs, below which the standard error itself is mostly chance

export function withOther(servers, program) {
  const { heliograph } = servers;
  return { heliograph, other: { ...heliograph, title: 'the other', program } };
}

// `results`: of measure.mjs, each run of the one beside the same run of the other.
export function againstTable(results) {
  const head = ['work', 'the other', 'this one', 'this ÷ the other', '±', 'target', 'verdict'];
  const lines = results
    .filter(({ failures }) => Object.keys(failures).length === 0)
    .map(({ row, medians, runs }) => {
      const values = (id) => runs[id].map(row.value);
      const others = values('other');
      const { ratio, error } = meanRatio(
        values('heliograph').map((value, at) => value / others[at]),
      );
      const cells = [medians.other, medians.heliograph].map(figure);
      const spread = Number.isFinite(error) ? error.toFixed(3) : '';
      const verdict = verdictOn(ratio, error, runs.heliograph.length);
      return [row.title, ...cells, ratio.toFixed(3), spread, `≤ ${MOST}`, verdict];
    });
  return markdown([head, ...lines]);
}

// Missed only if three standard errors do not explain it.
function verdictOn(ratio, error, runs) {
  if (runs < FEWEST) return 'not judged: too few runs';
  if (ratio <= MOST) return 'met';
  return ratio - 3 * error > MOST ? 'missed' : 'not judged: within the error';
}

// The geometric mean without the tails, and its standard error, which a single ratio does not have.
function meanRatio(ratios) {
  const cut = Math.floor(ratios.length / TAIL);
  const logs = ratios.map(Math.log).sort((a, b) => a - b);
  const kept = logs.slice(cut, logs.length - cut);
  const mean = kept.reduce((sum, log) => sum + log, 0) / kept.length;
  const squares = kept.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  const error = kept.length > 1 ? Math.sqrt(squares / kept.length / (kept.length - 1)) : NaN;
  return { ratio: Math.exp(mean), error };
}
