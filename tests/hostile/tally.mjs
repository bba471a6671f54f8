import assert from 'node:assert/strict';
import { within } from '../support/patience.mjs';

const kUnheard = 'nothing';

/** The reasons for which the server ended connections, and how often. */
export class Tally {
  #counts = new Map();

  add(said = kUnheard) {
    this.#counts.set(said, (this.#counts.get(said) ?? 0) + 1);
  }

  /** Waits for the end of the client's connection. */
  async end(client) {
    const closed = await within(client.ended, 'end of an attacker');
    this.add(closed ? `${closed.code} ${closed.reason}` : undefined);
  }

  /**
   * Requires that each of these was said, and nothing else. An attacker that still writes when the
   * server gives up listening does not hear what was said.
   */
  assertOnly(...expected) {
    const said = [...this.#counts.keys()].filter((one) => one !== kUnheard);
    assert.deepEqual(said.sort(), expected.sort(), `${this}`);
  }

  toString() {
    return [...this.#counts].map(([said, count]) => `${count} times ${said}`).join(', ');
  }
}
