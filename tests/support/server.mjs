import { after, afterEach, before } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { Peer } from './peer.mjs';
import { Program, startProgram } from './program.mjs';
import { request } from './http.mjs';
import { within } from './patience.mjs';

export const secret = 'a secret of the tests: longer than 32 bytes';
export const password = 'a password of the tests';

/** One Heliograph under test, on a free port of the loopback. */
export class Server {
  #options;
  #program = null;
  #peers = [];
  #appTokens = new Map();
  host = '127.0.0.1';

  constructor(options = {}) {
    this.#options = options;
  }

  /**
   * `dev`: development mode, no secrets given. `port`: else any. `descriptors`: limit of file
   * descriptors. `stderr`: a descriptor for the log, which is then not read here; it needs a
   * `port`.
   */
  async start() {
    const { env = {}, args = [], dev = false, port = 0, cwd, descriptors, stderr } = this.#options;
    const secrets = dev ? {} : { APP_SECRET: secret, APP_PASS: password };
    const workers = process.env.HELIOGRAPH_TEST_WORKERS ?? 2;
    const fixed = [
      '--host',
      this.host,
      '--port',
      String(port),
      '--log-format',
      'json',
      ...(dev ? ['--dev'] : []),
    ];
    this.#program = new Program('heliograph', [...fixed, ...args], {
      env: { WORKERS: workers, ...secrets, ...env },
      cwd,
      descriptors,
      stderr,
    });
    try {
      this.port =
        stderr === undefined
          ? await this.#program.line(portOf, 'log line "listening"')
          : await within(reachable(this.host, port), `connect to port ${port}`);
    } catch (error) {
      this.#program.signal('SIGKILL');
      throw error;
    }
    return this;
  }

  get url() {
    return `http://${this.host}:${this.port}`;
  }

  get program() {
    return this.#program;
  }

  logs() {
    return this.#program.output;
  }

  /** One HTTP request on a connection of its own. */
  request(options) {
    return request(this.port, options);
  }

  /** An app token as an app gets it: by `POST /app`. */
  async appToken(app = 'tests') {
    if (!this.#appTokens.has(app)) {
      const body = JSON.stringify({ app, password });
      const headers = { 'Content-Type': 'application/json' };
      const answer = await this.request({ method: 'POST', path: '/app', headers, body });
      assert.equal(answer.status, 200, answer.body);
      this.#appTokens.set(app, JSON.parse(answer.body).response.token);
    }
    return this.#appTokens.get(app);
  }

  /** A connected peer that has not yet sent `auth-request`. */
  async connect(options = {}) {
    const peer = await Peer.connect(this, options);
    this.#peers.push(peer);
    return peer;
  }

  /** A connected peer with its session token; `peerinfo` if it is to have one. */
  async peer({ peerinfo, ...options } = {}) {
    const peer = await this.connect(options);
    await peer.authenticate(peerinfo === undefined ? {} : { peerinfo });
    return peer;
  }

  peers(count, options = {}) {
    return Promise.all(Array.from({ length: count }, () => this.peer(options)));
  }

  disconnectPeers() {
    for (const peer of this.#peers.splice(0)) peer.disconnect();
  }

  async stop() {
    this.disconnectPeers();
    await this.#program?.stop();
  }
}

/** Returns the port once somebody listens on it. */
async function reachable(host, port) {
  for (;;) {
    const socket = net.connect({ host, port });
    try {
      await once(socket, 'connect');
      return port;
    } catch {
      // not yet
    } finally {
      socket.destroy();
    }
  }
}

function portOf(line) {
  if (!line.startsWith('{')) return 0;
  try {
    const entry = JSON.parse(line);
    return entry.event === 'listening' ? entry.port : 0;
  } catch {
    return 0;
  }
}

export function startServer(options) {
  return new Server(options).start();
}

/** A server that ends with the test, unless it has ended before. */
export async function serve(t, options) {
  const server = await startServer(options);
  t.after(() => server.program.running && server.stop());
  return server;
}

/**
 * A server for a `describe`: it starts before the tests, stops after them, and resets after each.
 */
export function useServer(options) {
  const server = new Server(options);
  before(() => server.start());
  afterEach(() => server.disconnectPeers());
  after(() => server.stop());
  return server;
}

/** In a `describe`: one of the test-only programs; `port` is known once the tests run. */
export function useProgram(name, options) {
  const fixture = { port: 0, program: null };
  before(async () => {
    fixture.program = await startProgram(name, options);
    fixture.port = fixture.program.port;
  });
  after(() => fixture.program?.stop());
  return fixture;
}
