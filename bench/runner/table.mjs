// The table at the end, and its place in bench/README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { judge, verdictOf } from './judge.mjs';

const COLUMNS = ['ws', 'uws', 'echo', 'heliograph'];

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
  const titleOf = (id) => servers[id].title;
  const head = ['work', ...COLUMNS.map(titleOf), 'ratio', 'target', 'verdict'];
  const lines = results.map(({ row, medians }) => {
    const judgements = judge(row, medians);
    const isRatio = judgements.some(({ kind }) => kind === 'ratio');
    return [
      row.title,
      ...COLUMNS.map((id) => (isRatio ? '' : figure(medians[id]))),
      judgements.map(ratioText).filter(Boolean).join(', '),
      judgements.map(({ most, unit }) => `≤ ${figure(most)}${unit}`).join(', '),
      verdictOf(judgements, titleOf),
    ];
  });
  return markdown([head, ...lines]);
}

// A missing ratio is a dash, so that those beside it keep their places.
function ratioText({ kind, name, value }) {
  if (kind === 'bytes') return '';
  const text = figure(value) || '–';
  return name ? `${text} × ${name}` : text;
}

export function markdown([head, ...lines]) {
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)));
  const write = (line) =>
    `| ${line.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => '-'.repeat(width + 1) + (at ? ':' : '-')).join('|')}|`;
  return [write(head), rule, ...lines.map(write)].join('\n');
}

// Text below the table: the notes of rows, and the servers without a result, with the reasons.
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
