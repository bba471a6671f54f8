// Processes on cores of their own, and ports of the loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { cpus } from 'node:os';

const coreCount = cpus().length;

export function pinned(cores, command) {
  const words = command.map(String);
  return coreCount > 1 ? ['taskset', '-c', cores, ...words] : words;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export async function listens(port) {
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

// { child, errors }, once `isReady` says so; it has 10 s to become so. `title` is for people.
export async function begin(title, [program, ...rest], { env = process.env, isReady }) {
  const child = spawn(program, rest, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-2000)));
  child.on('error', (error) => (said = error.message));
  for (let attempt = 0; !(await isReady()); ++attempt) {
    if (hasEnded(child) || child.pid === undefined || attempt === 200) {
      child.kill('SIGKILL');
      throw new Error(`${title} did not start: ${said.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, errors: () => said.trim() };
}

function hasEnded({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}

export async function end({ child }) {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 3000);
  await exited;
  clearTimeout(deadline);
}
