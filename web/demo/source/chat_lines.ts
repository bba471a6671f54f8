/** The longest text of a message, in UTF-16 units. */
export const kLongestMessage = 2000;
/** The number of messages that are kept. */
const kKept = 200;

/** One chat message. */
export interface Line {
  /** The same for everybody. */
  id: string;
  name: string;
  text: string;
  isOwn: boolean;
  /** Milliseconds since 1970. */
  time: number;
}

/** The messages in the order of time, each once. The oldest are forgotten. */
export class ChatLines {
  #lines: Line[] = [];

  get all(): readonly Line[] {
    return this.#lines;
  }

  /** Returns the lines that were not yet known. */
  add(lines: readonly Line[]): Line[] {
    const known = new Set(this.#lines.map(({ id }) => id));
    const fresh = lines.filter(({ id }) => !known.has(id) && known.add(id));
    this.#lines = [...this.#lines, ...fresh]
      .sort((one, other) => one.time - other.time)
      .slice(-kKept);
    return fresh.filter((line) => this.#lines.includes(line));
  }

  clear(): void {
    this.#lines = [];
  }
}
