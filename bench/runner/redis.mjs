// The Redis between the nodes of a row: Debian's, on the loopback, and nothing of it on a disk.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { begin, freePort, listens, pinned } from './processes.mjs';

const PROGRAM = '/usr/bin/redis-server';

export async function startRedis(cores) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not installed`);
  const port = await freePort();
  const command = [
    ...[PROGRAM, '--bind', '127.0.0.1', '--port', port],
    ...['--save', '', '--appendonly', 'no', '--dir', tmpdir()],
  ];
  const running = await begin('Redis', pinned(cores, command), { isReady: () => listens(port) });
  return { ...running, url: `redis://127.0.0.1:${port}` };
}
