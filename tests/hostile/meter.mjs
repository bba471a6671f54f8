import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildFolder } from '../support/program.mjs';
import { eventually, patience } from '../support/patience.mjs';

const kMegabyte = 1024; // kilobytes, as /proc has them
const kMostLeft = 10 * kMegabyte;
const kTimeToReturn = patience / 2;

/** A sanitizer keeps what was freed, so the memory of such a program means nothing. */
export const judgesMemory = !/asan|tsan/.test(buildFolder) && patience <= 30_000;

const inMegabytes = (kilobytes) => `${(kilobytes / kMegabyte).toFixed(1)} MB`;

/** The resident memory of a process, from now on. */
export class Meter {
  #pid;

  constructor(pid) {
    this.#pid = pid;
    this.before = this.#read('VmRSS');
  }

  #read(name) {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'latin1');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]);
  }

  /** Requires that it never was more than this above its level before. */
  assertGrewLessThan(megabytes) {
    if (!judgesMemory) return;
    const growth = this.#read('VmHWM') - this.before;
    assert.ok(
      growth < megabytes * kMegabyte,
      `grew by ${inMegabytes(growth)}, less than ${megabytes}`,
    );
  }

  /** Requires that it comes back to its level before, `milliseconds` from now or a little later. */
  async assertReturns(milliseconds) {
    if (!judgesMemory) {
      console.log('skipped: what memory is used, which says nothing under a sanitizer');
      return;
    }
    const hasReturned = () => this.#read('VmRSS') < this.before + kMostLeft;
    const what = `memory back within 10 MB of its level (${this})`;
    await eventually(hasReturned, what, milliseconds + kTimeToReturn);
  }

  toString() {
    const figures = [this.before, this.#read('VmHWM'), this.#read('VmRSS')].map(inMegabytes);
    return `${figures[0]} before, ${figures[1]} at most, ${figures[2]} now`;
  }
}
