import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A pipe that is full and that nobody reads until the test does. A write to its `writer` blocks.
 */
export class BlockedPipe {
  #reader;
  #folder = mkdtempSync(path.join(tmpdir(), 'heliograph-'));
  #filled = 0;
  #text = '';

  constructor() {
    const fifo = path.join(this.#folder, 'pipe');
    execFileSync('mkfifo', [fifo]);
    this.#reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#fill(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
    this.writer = openSync(fifo, constants.O_WRONLY);
  }

  #fill(descriptor) {
    const bytes = Buffer.alloc(4096, '.');
    try {
      for (;;) this.#filled += writeSync(descriptor, bytes);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
    closeSync(descriptor);
  }

  /** Takes out what there is now; returns all lines of the log so far. */
  read() {
    const bytes = Buffer.alloc(65536);
    try {
      for (let got = readSync(this.#reader, bytes); got > 0; got = readSync(this.#reader, bytes)) {
        this.#text += bytes.toString('latin1', 0, got);
      }
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
    return this.#text.slice(this.#filled);
  }

  /** Our own writing end; a process that was given it has its own. */
  closeWriter() {
    closeSync(this.writer);
  }

  destroy() {
    closeSync(this.#reader);
    rmSync(this.#folder, { recursive: true });
  }
}
