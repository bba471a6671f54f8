// Runs the rows of performance against every server in turn and prints the table.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROWS } from './rows.mjs';
import { loadOnce, serversOf } from './servers.mjs';
import { figure, machine, median, notesOf, record, tableOf } from './table.mjs';

const HELP = `bench/run [options]: server CPU, memory and latency of Heliograph beside its peers

  --rows a,b        only these rows: ${ROWS.map((row) => row.id).join(', ')}
  --only a,b        only these servers: ws, uws, echo, heliograph
  --runs N          runs of each row; the median counts (default 3, with --quick 1)
  --seconds N       length of a measured window (default 1.5, with --quick 0.5)
  --quick           one short run of everything, a tenth of the idle connections
  --build DIR       where heliograph, websocket_echo and heliograph_load are (default build/bench)
  --record          write the table into bench/README.md
  --json FILE       write every single result to FILE
`;

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string' },
    only: { type: 'string' },
    runs: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    build: { type: 'string', default: fileURLToPath(new URL('../../build/bench', import.meta.url)) },
    record: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const runs = Number(options.runs ?? (options.quick ? 1 : 3));
const seconds = Number(options.seconds ?? (options.quick ? 0.5 : 1.5));
const servers = serversOf(options.build);
const broken = new Map(); // server and row → what went wrong

function chosen(list, known, what) {
  const names = list?.split(',') ?? known;
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`no ${what} is called ${name}; there are ${known.join(', ')}`);
  }
  return names;
}

const loadArgs = (args) => [
  ...args,
  ...['--seconds', seconds, '--warm-up', options.quick ? 0.5 : 1],
  ...(args[0] === 'idle' && options.quick ? ['--tenth'] : []),
  ...(args[0] === 'relay-beside-idle' && options.quick ? ['--idle', 2000] : []),
];

// One run of a row against one server. `rates` remembers what a latency row's servers were asked.
async function runOnce(row, id, rates) {
  const load = (args, settings) => loadOnce(options.build, servers[id], loadArgs(args), settings);
  if (row.compareWorkers) {
    const one = await load(row.args, { workers: 1, shareCores: true });
    return { one, two: await load(row.args, { workers: 2, shareCores: true }) };
  }
  if (row.maximum) {
    rates[id] = rates[row.rateOf?.[id]] ?? (await load(row.maximum)).per_second / 2;
    return load([...row.args, '--rate', rates[id]]);
  }
  return load(row.args);
}

async function runRow(row, ids, progress) {
  const results = Object.fromEntries(ids.map((id) => [id, []]));
  for (let run = 1; run <= runs; ++run) {
    const rates = {};
    for (const id of ids) {
      const where = `${row.id}, ${servers[id].title}`;
      if (broken.has(where)) continue;
      progress(`${where}, run ${run} of ${runs}`);
      try {
        results[id].push(await runOnce(row, id, rates));
      } catch (error) {
        broken.set(where, error.message);
      }
    }
  }
  return results;
}

// The median of a row's values and the note of the run that had it, or the nearest to it.
function summary(row, results) {
  const medians = {};
  const notes = {};
  for (const [id, list] of Object.entries(results)) {
    if (list.length === 0) continue;
    medians[id] = median(list.map(row.value));
    const distance = (result) => Math.abs(row.value(result) - medians[id]);
    const middle = list.reduce((best, next) => (distance(next) < distance(best) ? next : best));
    if (row.note) notes[id] = row.note(middle);
  }
  return { row, medians, notes, results };
}

function progressOf(total) {
  let done = 0;
  return (what) => {
    const line = `[${++done}/${total}] ${what}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
}

async function main() {
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const rowIds = chosen(options.rows, ROWS.map((row) => row.id), 'row');
  const serverIds = chosen(options.only, Object.keys(servers), 'server');
  const plan = ROWS.filter((row) => rowIds.includes(row.id))
    .map((row) => ({ row, ids: row.servers.filter((id) => serverIds.includes(id)) }))
    .filter(({ ids }) => ids.length > 0);
  const progress = progressOf(plan.reduce((sum, { ids }) => sum + ids.length * runs, 0));

  const results = [];
  for (const { row, ids } of plan) results.push(summary(row, await runRow(row, ids, progress)));
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');

  const date = new Date().toISOString().slice(0, 10);
  const heading = `${date}; ${machine()}; median of ${runs} run${runs > 1 ? 's' : ''} of ${figure(seconds)} s.`;
  const failures = [...broken].map(([where, why]) => `- ${where}: no result: ${why}`);
  const notes = [...notesOf(results, servers), ...failures].join('\n');
  const text = [heading, tableOf(results, servers), notes].filter(Boolean).join('\n\n');
  process.stdout.write(`\n${text}\n`);
  if (options.record) record(fileURLToPath(new URL('../README.md', import.meta.url)), `\n${text}\n`);
  if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2));
  process.exitCode = broken.size > 0 ? 1 : 0;
}

await main();
