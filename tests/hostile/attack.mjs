// Runs an attack beside bystanders: what each test of this folder is made of.
import { serve } from '../support/server.mjs';
import { Bystanders } from './bystanders.mjs';
import { Client, comeBack, signedIn } from './client.mjs';
import { judgesMemory, Meter } from './meter.mjs';

const kDuration = 10_000; // milliseconds that an attack lasts
const kRecoveryWindow = 2_000;
const kPairs = judgesMemory ? 50 : 10;

/** One attack: its time and its clients. */
class Attack {
  #clients = new Set();
  #timer;

  constructor(server, token, bystanders) {
    Object.assign(this, { server, token, bystanders });
    this.begin();
  }

  /** The preparations are over, and its time begins. */
  begin() {
    clearTimeout(this.#timer);
    this.bystanders.forget();
    this.isOver = false;
    this.over = new Promise((resolve) => {
      this.#timer = setTimeout(() => {
        this.isOver = true;
        resolve();
      }, kDuration);
    });
  }

  /** A client that has signed in. */
  async client(options) {
    return this.add(await signedIn(this.server.port, this.token, options));
  }

  /** A client that asks to be the peer that this one was. */
  async again(client) {
    return this.add(await comeBack(this.server.port, this.token, client));
  }

  /** A client that has a WebSocket and has not sent its CONNECT. */
  async stranger() {
    return this.add(await Client.open(this.server.port));
  }

  /** Objects to destroy when the attack ends. */
  add(client) {
    this.#clients.add(client);
    return client;
  }

  remove(client) {
    client.destroy();
    this.#clients.delete(client);
  }

  /** Slows an attacker down: so many milliseconds, or what is left of the time. */
  rest(milliseconds) {
    return Promise.race([this.over, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
  }

  /** Does this again and again, so many times at once, until its time is over. */
  repeat(atOnce, action) {
    const loop = async () => {
      while (!this.isOver) await action();
    };
    return Promise.all(Array.from({ length: atOnce }, loop));
  }

  /** Acts again and again, until the attack or the client's connection is over. */
  async pulse(client, interval, action) {
    const timer = setInterval(action, interval);
    await Promise.race([client.ended, this.over]).finally(() => clearInterval(timer));
  }

  /**
   * Sends what `next` makes as fast as the server reads it, until the time or the connection is
   * over, or the server has said why it closes.
   */
  flood(client, next) {
    const { socket } = client;
    return new Promise((resolve) => {
      const pump = () => {
        if (this.isOver || client.closed || socket.destroyed) return resolve();
        if (socket.write(next())) setImmediate(pump);
        else socket.once('drain', pump);
      };
      this.over.then(resolve);
      socket.once('close', resolve);
      pump();
    });
  }

  end() {
    clearTimeout(this.#timer);
    for (const client of this.#clients) client.destroy();
  }
}

/**
 * Starts a server and bystanders, and carries out the attack, a function of an `Attack`. Requires
 * that no bystander is disconnected and that the memory comes back. `growth`: the megabytes that
 * the attack may make the server hold meanwhile; `env` and `descriptors`: the server's; `app`: the
 * attackers', if it is another than the bystanders'.
 */
export async function underAttack(t, { growth = 64, env = {}, descriptors, app }, carryOut) {
  const settings = { WORKERS: 2, RECOVERY_WINDOW: kRecoveryWindow, ...env };
  const server = await serve(t, { env: settings, descriptors });
  const bystanders = await Bystanders.start(t, server, kPairs);
  const meter = new Meter(server.program.pid);
  const attack = new Attack(server, await server.appToken(app), bystanders);
  try {
    await carryOut(attack);
    report(t, `delay ${describe(await bystanders.delay())}`);
  } finally {
    attack.end();
  }
  try {
    await meter.assertReturns(Number(settings.RECOVERY_WINDOW));
  } finally {
    report(t, `memory ${meter}`);
    await bystanders.end();
  }
  meter.assertGrewLessThan(growth);
}

const describe = ({ median, p99, most }) =>
  `${median.toFixed(1)} ms (median), ${p99.toFixed(1)} ms (99 %), ${most.toFixed(1)} ms (most)`;

function report(t, figures) {
  t.diagnostic(`measured: ${t.name}: ${figures}`);
}
