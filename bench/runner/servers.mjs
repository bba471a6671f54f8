// How each measured server is started, loaded and stopped: one process, or several nodes.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { begin, end, freePort, listens, pinned } from './processes.mjs';
import { startRedis } from './redis.mjs';

const PASSWORD = 'bench-password-of-one-run';
const SECRET = randomBytes(32).toString('hex');
const peer = fileURLToPath(new URL('../peers/server.mjs', import.meta.url));
const SERVER_CORE = '0';
const LOAD_CORE = '1'; // and Redis'
const BOTH_CORES = '0,1';
const RELAYING = 2; // nodes of those that there are, unless there is only one

// `program` is missing if it was not built; `arguments` gets a port, the number of workers and
// that of nodes, and the environment tells of Redis.
export function serversOf(build) {
  const socketIo = (engine) => ({
    program: process.execPath,
    arguments: ({ port, nodes }) => [peer, '--engine', engine, '--port', port, '--nodes', nodes],
    dialect: 'signaling',
  });
  return {
    ws: { title: 'socket.io + ws', ...socketIo('ws') },
    uws: { title: 'socket.io + uWS', ...socketIo('uws') },
    echo: {
      title: 'bare echo',
      program: `${build}/websocket_echo`,
      arguments: ({ port }) => ['--port', port],
      dialect: 'echo',
    },
    heliograph: {
      title: 'Heliograph',
      program: `${build}/heliograph`,
      arguments: ({ port, workers }) => [
        ...['--host', '127.0.0.1', '--port', port],
        ...['--workers', workers, '--log-level', 'warn'],
      ],
      dialect: 'signaling',
    },
  };
}

async function appToken(port) {
  const body = new URLSearchParams({ app: 'bench', password: PASSWORD });
  const response = await fetch(`http://127.0.0.1:${port}/app`, { method: 'POST', body });
  const { response: answer } = await response.json();
  return answer.token;
}

const limits = (names, limit) =>
  Object.fromEntries(
    names.flatMap((name) => [`${name}_PER_SECOND`, `${name}_BURST`]).map((name) => [name, limit]),
  );
// So high that no load meets them, and counted all the same. An older build does not know them all.
const HIGH_LIMITS = {
  ...limits(['EVENTS', 'TOTAL_EVENTS'], '1000000'),
  ...limits(['TOTAL_BYTES', 'RELAY_BYTES', 'ROOM_BYTES'], '1000000000'),
};

async function start(server, { workers, nodes, cores, redis }) {
  if (!existsSync(server.program)) throw new Error(`${server.program} is not built`);
  const port = await freePort();
  const command = [server.program, ...server.arguments({ port, workers, nodes })];
  const env = {
    ...process.env,
    ...{ APP_SECRET: SECRET, APP_PASS: PASSWORD },
    ...HIGH_LIMITS,
    ...{ REDIS_URL: redis?.url ?? '', NODE_ID: '' },
  };
  const { child, errors } = await begin(server.title, pinned(cores, command), {
    env,
    isReady: () => listens(port),
  });
  return { child, errors, port };
}

// All nodes, or none of them when one did not start.
async function startNodes(server, settings) {
  const starting = Array.from({ length: settings.nodes }, () => start(server, settings));
  const started = await Promise.allSettled(starting);
  const running = started.flatMap(({ value }) => value ?? []);
  const failed = started.find(({ reason }) => reason);
  if (!failed) return running;
  await Promise.all(running.map(end));
  throw failed.reason;
}

async function runLoad(build, server, args, { running, redis, cores }) {
  const token = server.dialect === 'signaling' ? await appToken(running[0].port) : '';
  const relaying = running.slice(0, RELAYING);
  const bystanders = running.slice(RELAYING);
  const [program, ...rest] = pinned(cores, [
    `${build}/heliograph_load`,
    ...args,
    ...['--dialect', server.dialect, '--app-token', token],
    ...relaying.flatMap(({ port, child }) => ['--port', port, '--server-process', child.pid]),
    ...bystanders.flatMap(({ port }) => ['--bystander-port', port]),
    ...(redis ? ['--redis-process', redis.child.pid] : []),
  ]);
  const { stdout } = await promisify(execFile)(program, rest);
  return JSON.parse(stdout);
}

// Starts `server` afresh, runs the load with `args` against it and returns what the load printed.
// The server has the first core and the load the second, unless `shareCores`: then both have both.
// Several `nodes` have a Redis between them, which is beside the load.
export async function loadOnce(build, server, args, options = {}) {
  const { workers = 1, nodes = 1, shareCores = false } = options;
  const cores = shareCores ? BOTH_CORES : SERVER_CORE;
  const loadCores = shareCores ? BOTH_CORES : LOAD_CORE;
  const redis = nodes > 1 ? await startRedis(loadCores) : undefined;
  let running = [];
  try {
    running = await startNodes(server, { workers, nodes, cores, redis });
    return await runLoad(build, server, args, { running, redis, cores: loadCores });
  } catch (error) {
    const said = [error.stderr?.trim() || error.message, ...running.map(({ errors }) => errors())];
    throw new Error(said.filter(Boolean).join('; '), { cause: error });
  } finally {
    await Promise.all(running.map(end));
    if (redis) await end(redis);
  }
}
