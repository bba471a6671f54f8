import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeTcpPort } from './ports.mjs';
import { Program } from './program.mjs';

const binary = '/usr/bin/redis-server';

/**
 * A real redis-server on the loopback that saves nothing: after a restart it is empty. Files that
 * it writes all the same (a replica writes what its master sends) go into a temporary folder.
 */
export class RedisServer {
  #options;
  #folder = null;
  #program = null;
  host = '127.0.0.1';

  /** `options`: for its command line. */
  constructor(options = []) {
    this.#options = options;
  }

  async start() {
    if (!existsSync(binary)) throw new Error('no Redis found: on Debian, apt-get install redis');
    this.port ??= await freeTcpPort();
    this.#folder = mkdtempSync(join(tmpdir(), 'heliograph-redis-'));
    const fixed = {
      '--bind': this.host,
      '--port': String(this.port),
      '--dir': this.#folder,
      '--save': '',
      '--appendonly': 'no',
    };
    this.#program = new Program(binary, [...Object.entries(fixed).flat(), ...this.#options]);
    await this.#program.line((line) => /Ready to accept connections/.test(line), 'Redis is ready');
    return this;
  }

  get url() {
    return `redis://${this.host}:${this.port}`;
  }

  /** The line of its log for which `matches` is true: one that was there, or comes. */
  line(matches, what) {
    return this.#program.line(matches, what);
  }

  /** It is gone at once, with all that it held. */
  async kill() {
    this.#program.signal('SIGKILL');
    await this.#program.exit();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async stop() {
    if (this.#program?.running) await this.kill();
  }
}

/** One that ends with the test. */
export async function redisFor(t, options) {
  const redis = new RedisServer(options);
  t.after(() => redis.stop());
  return redis.start();
}
