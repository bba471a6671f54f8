// Runs of one row: each server in turn, several times over, and the median of what they cost.
import { loadOnce } from './servers.mjs';
import { median } from './table.mjs';

// Long because the function that it returns and its helper share the settings.
// `settings`: { build, servers, runs, seconds, quick, alternates }, the last for servers that take
// turns in being the first. `progress` is called before each run.
export function measurer(settings, progress) {
  const { build, servers, runs } = settings;

  const loadArgs = (args) => [
    ...args,
    ...['--seconds', settings.seconds, '--warm-up', settings.quick ? 0.5 : 1],
    ...(settings.quick && args[0] === 'idle' ? ['--tenth'] : []),
    ...(settings.quick && args[0] === 'relay-beside-idle' ? ['--idle', 2000] : []),
  ];

  // `rates` remembers what the servers of a latency row were asked in this run.
  async function runOnce(row, id, rates) {
    const load = (args, how) => loadOnce(build, servers[id], loadArgs(args), how);
    if (row.compareWorkers) {
      const one = await load(row.args, { workers: 1, shareCores: true });
      return { one, two: await load(row.args, { workers: 2, shareCores: true }) };
    }
    if (row.compareNodes) {
      const results = {};
      for (const nodes of row.compareNodes) results[nodes] = await load(row.args, { nodes });
      return results;
    }
    if (row.maximum) {
      rates[id] = rates[row.rateOf?.[id]] ?? (await load(row.maximum)).per_second / 2;
      return load([...row.args, '--rate', rates[id]]);
    }
    return load(row.args, { nodes: row.nodes });
  }

  // { row, medians, notes, failures, runs }, the last four by the id of the server. A server that
  // failed once is not asked again.
  return async function measure(row, ids) {
    const results = Object.fromEntries(ids.map((id) => [id, []]));
    const failures = {};
    for (let run = 1; run <= runs; ++run) {
      const rates = {};
      const inTurn = settings.alternates && run % 2 === 0 ? [...ids].reverse() : ids;
      for (const id of inTurn) {
        if (failures[id]) continue;
        progress(`${row.id}, ${servers[id].title}, run ${run} of ${runs}`);
        try {
          results[id].push(await runOnce(row, id, rates));
        } catch (error) {
          failures[id] = error.message;
        }
      }
    }
    return { row, ...summary(row, results, failures), failures, runs: results };
  };
}

// The median of each server's values, and the note of the run that had it or came nearest.
function summary(row, results, failures) {
  const medians = {};
  const notes = {};
  for (const [id, list] of Object.entries(results)) {
    if (failures[id] || list.length === 0) continue;
    medians[id] = median(list.map(row.value));
    const distance = (result) => Math.abs(row.value(result) - medians[id]);
    const middle = list.reduce((best, next) => (distance(next) < distance(best) ? next : best));
    if (row.note) notes[id] = row.note(middle);
  }
  return { medians, notes };
}
