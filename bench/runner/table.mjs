// The table at the end, and its place in bench/README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';

const COLUMNS = ['ws', 'uws', 'echo', 'heliograph'];
const PEERS = ['ws', 'uws'];

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Three figures are as many as these measurements carry.
export function figure(value) {
  if (!Number.isFinite(value)) return '';
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3).replace(/\.?0+$/, '');
}

// `results`: of measure.mjs.
export function tableOf(results, servers) {
  const head = ['work', ...COLUMNS.map((id) => servers[id].title), 'target', 'best peer ÷ Heliograph'];
  const lines = results.map(({ row, medians }) => {
    const target = typeof row.target === 'function' ? row.target(medians) : row.target;
    const best = Math.min(...PEERS.map((id) => medians[id] ?? Infinity));
    const missed = medians.heliograph > target ? ' (missed)' : '';
    return [
      row.title,
      ...COLUMNS.map((id) => figure(medians[id])),
      target ? `≤ ${figure(target)}${missed}` : '',
      figure(best / medians.heliograph),
    ];
  });
  return markdown([head, ...lines]);
}

export function markdown([head, ...lines]) {
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)));
  const write = (line) =>
    `| ${line.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => '-'.repeat(width + 1) + (at ? ':' : '-')).join('|')}|`;
  return [write(head), rule, ...lines.map(write)].join('\n');
}

// What does not fit into the table: the notes of rows, and which servers gave no result and why.
export function notesOf(results, servers) {
  const lines = results.flatMap(({ row, notes, failures }) => {
    const line = ([id, text]) => `- ${row.id}, ${servers[id].title}: ${text}`;
    const failed = Object.entries(failures).map(([id, why]) => [id, `no result: ${why}`]);
    return [...Object.entries(notes), ...failed].map(line);
  });
  return lines.join('\n');
}

export function machine() {
  return `${cpus()[0].model.trim()}, ${cpus().length} cores, Linux ${release()}, Node ${process.versions.node}`;
}

// Replaces what stands between the two marks of the README.
export function record(file, text) {
  const [start, end] = ['<!-- results -->', '<!-- end of results -->'];
  const old = readFileSync(file, 'utf8');
  const from = old.indexOf(start);
  const to = old.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no place for results`);
  writeFileSync(file, `${old.slice(0, from + start.length)}\n${text}\n${old.slice(to)}`);
}
