import { within } from './patience.mjs';

/** A line of things that arrived and wait to be read, in order. */
export class Queue {
  #items = [];
  #readers = [];
  #end = null;

  push(item) {
    const reader = this.#readers.shift();
    if (reader) reader.resolve(item);
    else this.#items.push(item);
  }

  /** Nothing more will come: readers fail with this message when the rest is read. */
  end(message) {
    if (this.#end) return;
    this.#end = message;
    for (const reader of this.#readers.splice(0)) reader.reject(new Error(message));
  }

  get ended() {
    return this.#end !== null;
  }

  /** The items that have arrived and were not read. */
  get unread() {
    return [...this.#items];
  }

  /** The next thing, waiting for it if need be. */
  next(what = 'the next item') {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift());
    if (this.#end)
      return Promise.reject(
        new Error(`${typeof what === 'function' ? what() : what}: ${this.#end}`),
      );
    const reader = {};
    const arrival = new Promise((resolve, reject) => Object.assign(reader, { resolve, reject }));
    this.#readers.push(reader);
    return within(arrival, what).catch((error) => {
      this.#readers = this.#readers.filter((other) => other !== reader);
      throw error;
    });
  }
}
