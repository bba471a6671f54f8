// Runs the rows of performance against every server in turn and prints the table.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AGAINST_ROWS, againstTable, withOther } from './against.mjs';
import { CORE, coreTable } from './core.mjs';
import { measurer } from './measure.mjs';
import { ROWS } from './rows.mjs';
import { serversOf } from './servers.mjs';
import { figure, machine, notesOf, record, tableOf } from './table.mjs';

const ROW_IDS = [...ROWS.map((row) => row.id), CORE];
const SERVER_IDS = Object.keys(serversOf(''));
const HELP = `bench/run [options]: server CPU, memory and latency of Heliograph beside its peers

  --rows a,b    only these rows: ${ROW_IDS.join(', ')}
  --only a,b    only these servers: ${SERVER_IDS.join(', ')}
  --runs N      runs of each row; the median counts (default 3, with --quick 1)
  --seconds N   length of a measured window (default 1.5, with --quick 0.5)
  --quick       one short run of everything, a tenth of the idle connections
  --against P   beside another Heliograph, the program P, instead of its peers; each row 15 times,
                of ${AGAINST_ROWS.join(', ')}
  --build DIR   where the built programs are (default build/bench)
  --record      write the results into bench/README.md, in place of the last ones
  --json FILE   write every single result to FILE
`;

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string' },
    only: { type: 'string' },
    runs: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    against: { type: 'string' },
    build: { type: 'string', default: path('../../build/bench') },
    record: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function path(relative) {
  return fileURLToPath(new URL(relative, import.meta.url));
}

function chosen(list, known, what) {
  const names = list.split(',');
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new Error(`no ${what} is called ${wrong}; there are ${known.join(', ')}`);
  return names;
}

function progressOf(total) {
  let done = 0;
  return (what) => {
    const line = `[${++done}/${total}] ${what}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
}

// The plan of a comparison: the servers, the rows that each is measured in, how often, and the
// output.
function comparison({ build, against, only, record }) {
  const servers = serversOf(build);
  if (against === undefined) {
    const ids = chosen(only ?? SERVER_IDS.join(), SERVER_IDS, 'server');
    const idsOf = (row) => row.servers.filter((id) => ids.includes(id));
    return { servers, ids, idsOf, rowIds: ROW_IDS, runs: 3, alternates: false, table: tableOf };
  }
  if (only !== undefined || record)
    throw new Error('--against goes with neither --only nor --record');
  const both = withOther(servers, resolve(against));
  const ids = Object.keys(both);
  const rest = { rowIds: AGAINST_ROWS, runs: 15, alternates: true, table: againstTable };
  return { servers: both, ids, idsOf: () => ids, ...rest };
}

async function main() {
  const { build, quick } = options;
  const compared = comparison(options);
  const settings = {
    ...{ build, quick, servers: compared.servers, alternates: compared.alternates },
    runs: Number(options.runs ?? (quick ? 1 : compared.runs)),
    seconds: Number(options.seconds ?? (quick ? 0.5 : 1.5)),
  };
  const rowIds = chosen(options.rows ?? compared.rowIds.join(), compared.rowIds, 'row');
  const plan = ROWS.filter((row) => rowIds.includes(row.id))
    .map((row) => ({ row, ids: compared.idsOf(row) }))
    .filter(({ ids }) => ids.length > 0);
  const withCore = rowIds.includes(CORE) && compared.ids.includes('heliograph');
  const loads = plan.reduce((sum, { ids }) => sum + ids.length * settings.runs, 0);
  const progress = progressOf(loads + Number(withCore));

  const measure = measurer(settings, progress);
  const results = [];
  for (const { row, ids } of plan) results.push(await measure(row, ids));
  if (withCore) progress('the parts that need no socket');
  const core = withCore ? await coreTable(build) : '';
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  report(settings, compared.table, results, core);
}

function report({ servers, runs, seconds }, format, results, core) {
  const date = new Date().toISOString().slice(0, 10);
  const often = runs > 1 ? `median of ${runs} runs` : 'one run';
  const heading = `${date}; ${machine()}; ${often} of ${figure(seconds)} s.`;
  const table = results.length > 0 ? format(results, servers) : '';
  const text = [heading, table, notesOf(results, servers), core].filter(Boolean).join('\n\n');
  process.stdout.write(`\n${text}\n`);
  if (options.record) record(path('../README.md'), `\n${text}\n`);
  if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2));
  if (results.some(({ failures }) => Object.keys(failures).length > 0)) process.exitCode = 1;
}

try {
  if (options.help) process.stdout.write(HELP);
  else await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
