import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { freeUdpPort } from './ports.mjs';
import { Program } from './program.mjs';
import { TurnClient } from './turn.mjs';

const binary = '/usr/bin/turnserver';
// The settings that a relay of the tests needs, and that a file does not have.
const usualFlags = [
  '--no-tcp',
  '--no-tls',
  '--no-dtls',
  '--no-cli',
  '--allow-loopback-peers',
  '--simple-log',
];

/** Debian's coturn on a free port of the loopback. */
export class Coturn {
  #folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-coturn-'));
  #program = null;

  /**
   * `secrets`: those that credentials are checked with; `configuration`: of its own file, if it has
   * one; `flags`: instead of the usual ones, a list or a function that makes it.
   */
  constructor({ secrets = [], configuration = '', flags = usualFlags }) {
    this.secrets = secrets;
    this.configuration = configuration;
    this.flags = flags;
  }

  async start() {
    if (!existsSync(binary)) throw new Error('no coturn found: on Debian, apt-get install coturn');
    const file = path.join(this.#folder, 'turnserver.conf');
    writeFileSync(file, this.configuration);
    this.port = await freeUdpPort();
    const settings = {
      'listening-ip': '127.0.0.1',
      'listening-port': this.port,
      'relay-ip': '127.0.0.1',
      'relay-threads': 1,
      realm: 'tests.example',
      userdb: path.join(this.#folder, 'database'),
      pidfile: path.join(this.#folder, 'pid'),
      'log-file': 'stdout',
    };
    this.#program = new Program(binary, [
      '-c',
      file,
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
      ...(this.secrets.length > 0 ? ['--use-auth-secret'] : []),
      ...this.secrets.map((secret) => `--static-auth-secret=${secret}`),
      ...(typeof this.flags === 'function' ? await this.flags() : this.flags),
    ]);
    await this.#answers();
    return this;
  }

  get output() {
    return this.#program.output;
  }

  get url() {
    return `turn:127.0.0.1:${this.port}?transport=udp`;
  }

  /** Its answer to a request for a relay: null if it grants one, else the error code. */
  async allocate(credential) {
    const client = new TurnClient(this.port, credential);
    try {
      return await client.allocate();
    } finally {
      await client.close();
    }
  }

  async #answers() {
    const client = new TurnClient(this.port);
    try {
      const ended = this.#program.exited.then(() => {
        throw new Error('coturn ended at once');
      });
      await Promise.race([client.reach(), ended]);
    } catch (error) {
      throw new Error(`${error.message}\n${this.#program.output}`);
    } finally {
      await client.close();
    }
  }

  async stop() {
    this.#program?.signal('SIGTERM');
    await this.#program?.exit();
    rmSync(this.#folder, { recursive: true });
  }
}

/** In a `describe`: a coturn that starts before its tests and stops after all. */
export function useCoturn(options) {
  const coturn = new Coturn(options);
  before(() => coturn.start());
  after(() => coturn.stop());
  return coturn;
}
