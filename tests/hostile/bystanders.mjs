import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { within } from '../support/patience.mjs';

const script = new URL('./bystander_thread.mjs', import.meta.url);

/** Clients that talk in pairs while others attack the server. They have a thread of their own. */
export class Bystanders {
  #thread;

  constructor(thread) {
    this.#thread = thread;
  }

  /** Returns when all of them talk. */
  static async start(t, server, pairs) {
    const workerData = { port: server.port, token: await server.appToken(), pairs };
    const thread = new Worker(script, { workerData });
    t.after(() => thread.terminate());
    await within(once(thread, 'message'), 'bystanders that talk');
    return new Bystanders(thread);
  }

  forget() {
    this.#thread.postMessage('forget');
  }

  /** How long their candidates were on the way since `forget`: milliseconds. */
  async delay() {
    const { delay } = await this.#ask('report');
    return delay;
  }

  /** Ends their talk and requires that all of it arrived. */
  async end() {
    const { lost, missing, fewest } = await this.#ask('end');
    assert.deepEqual(lost, [], 'bystanders that were disconnected');
    assert.equal(missing, 0, 'candidates of bystanders that did not arrive');
    assert.ok(fewest > 0, 'each bystander got a candidate');
  }

  async #ask(task) {
    this.#thread.postMessage(task);
    const [report] = await within(once(this.#thread, 'message'), `${task} of the bystanders`);
    return report;
  }
}
