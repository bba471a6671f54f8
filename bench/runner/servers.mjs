// How each measured server is started, loaded and stopped.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PASSWORD = 'bench-password-of-one-run';
const SECRET = randomBytes(32).toString('hex');
const peer = fileURLToPath(new URL('../peers/server.mjs', import.meta.url));
const coreCount = cpus().length;

// `program` is missing where it was not built; `arguments` gets a port and the number of workers.
export function serversOf(build) {
  const socketIo = (engine) => ({
    program: process.execPath,
    arguments: (port) => [peer, '--engine', engine, '--port', port],
    dialect: 'signaling',
  });
  return {
    ws: { title: 'socket.io + ws', ...socketIo('ws') },
    uws: { title: 'socket.io + uWS', ...socketIo('uws') },
    echo: {
      title: 'bare echo',
      program: `${build}/websocket_echo`,
      arguments: (port) => ['--port', port],
      dialect: 'echo',
    },
    heliograph: {
      title: 'Heliograph',
      program: `${build}/heliograph`,
      arguments: (port, workers) => [
        ...['--host', '127.0.0.1', '--port', port],
        ...['--workers', workers, '--log-level', 'warn'],
      ],
      dialect: 'signaling',
    },
  };
}

export function pinned(cores, command) {
  return coreCount > 1 ? ['taskset', '-c', cores, ...command] : command;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function listens(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function appToken(port) {
  const body = new URLSearchParams({ app: 'bench', password: PASSWORD });
  const response = await fetch(`http://127.0.0.1:${port}/app`, { method: 'POST', body });
  const { response: answer } = await response.json();
  return answer.token;
}

async function start(server, workers, cores) {
  if (!existsSync(server.program)) throw new Error(`${server.program} is not built`);
  const port = await freePort();
  const command = [server.program, ...server.arguments(String(port), String(workers))];
  const [program, ...rest] = pinned(cores, command);
  const env = { ...process.env, APP_SECRET: SECRET, APP_PASS: PASSWORD, EVENTS_PER_SECOND: '0' };
  const child = spawn(program, rest, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-2000)));
  for (let attempt = 0; !(await listens(port)); ++attempt) {
    if (child.exitCode !== null || attempt === 200) {
      child.kill('SIGKILL');
      throw new Error(`${server.title} did not start: ${errors.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, port, errors: () => errors.trim() };
}

async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 3000);
  await exited;
  clearTimeout(deadline);
}

// Starts `server` afresh, runs the load with `args` against it and returns what the load printed.
// The server has the first core and the load the second, unless `shareCores`: then both have both.
export async function loadOnce(build, server, args, { workers = 1, shareCores = false } = {}) {
  const running = await start(server, workers, shareCores ? '0,1' : '0');
  try {
    const token = server.dialect === 'signaling' ? await appToken(running.port) : '';
    const [program, ...rest] = pinned(shareCores ? '0,1' : '1', [
      `${build}/heliograph_load`,
      ...args,
      ...['--dialect', server.dialect, '--port', running.port],
      ...['--server-process', running.child.pid, '--app-token', token],
    ]);
    const { stdout } = await promisify(execFile)(program, rest.map(String));
    return JSON.parse(stdout);
  } catch (error) {
    const said = [error.stderr?.trim() || error.message, running.errors()].filter(Boolean);
    throw new Error(said.join('; '), { cause: error });
  } finally {
    await stop(running);
  }
}
