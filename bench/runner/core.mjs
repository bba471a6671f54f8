// The micro-benchmarks of the parts that need no socket, as a table.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pinned } from './processes.mjs';
import { figure, markdown } from './table.mjs';

export const CORE = 'core';
const MANUAL = '/manual_time'; // the benchmark has taken the time, as CPU time, itself

export async function coreTable(build) {
  const [program, ...rest] = pinned('0', [
    `${build}/heliograph_micro`,
    '--benchmark_format=json',
    '--benchmark_min_time=0.2',
  ]);
  const { stdout } = await promisify(execFile)(program, rest, { maxBuffer: 1 << 24 });
  const lines = JSON.parse(stdout).benchmarks.map((result) => [nameOf(result), costOf(result)]);
  return markdown([['part', 'CPU'], ...lines]);
}

function nameOf({ name }) {
  return name.replace(MANUAL, '').replace(/\/iterations:\d+/, '');
}

function costOf(result) {
  if (result.bytes_a_peer) {
    const microseconds = (key) => `${figure(result[key])} µs`;
    return `${figure(result.bytes_a_peer)} B a peer, ${microseconds('µs_to_come')} to come, ${microseconds('µs_to_go')} to go`;
  }
  const time = result.name.endsWith(MANUAL) ? result.real_time : result.cpu_time;
  const perItem = result.items_per_second ? 1e9 / result.items_per_second : time;
  return `${figure(perItem)} ns`;
}
