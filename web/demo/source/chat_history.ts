import type { Peer } from '@heliograph/client';
import { kLongestMessage, type Line } from './chat_lines.js';
import { nameOf } from './names.js';
import type { Visit } from './visit.js';

/** One member sends another at most this many earlier messages, and bytes. */
const kMostLines = 100;
const kMostBytes = 48 * 1024;
const kLongestId = 64;
/** How often one peer gets the history: it asks once for each connection. */
const kMostAnswers = 20;
const kRequest = 'wanted';

/** An earlier message. Its age is in milliseconds, because clocks differ. */
interface Told {
  id: string;
  name: string;
  text: string;
  age: number;
}

const sizeOf = (told: Told): number => new TextEncoder().encode(JSON.stringify(told)).length;

/** The latest lines that fit, in order. */
export function tellLines(lines: readonly Line[], now: number): Told[] {
  const told: Told[] = [];
  let bytes = 0;
  for (const { id, name, text, time } of lines.slice(-kMostLines).reverse()) {
    const next = { id, name, text, age: Math.max(0, now - time) };
    bytes += sizeOf(next) + 1;
    if (bytes > kMostBytes) break;
    told.unshift(next);
  }
  return told;
}

/** The id of a message, if it is one. */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= kLongestId;

/** Reads the lines that a stranger sends. They may be anything, and nonsense is left out. */
export function readLines(told: unknown, now: number): Line[] {
  if (!Array.isArray(told)) return [];
  return told.slice(-kMostLines).flatMap((each: unknown) => {
    const { id, name, text, age } = (each ?? {}) as Partial<Record<keyof Told, unknown>>;
    if (!isId(id) || typeof text !== 'string' || text === '') return [];
    if (typeof age !== 'number' || !(age >= 0 && age <= now)) return [];
    const line = { id, name: nameOf({ name }), text: text.slice(0, kLongestMessage) };
    return [{ ...line, isOwn: false, time: now - age }];
  });
}

/**
 * Asks everybody for the earlier messages, once for each connection, and answers those who ask. So
 * latecomers, and people who were away, read what they have missed.
 */
export class ChatHistory {
  readonly #lines: () => readonly Line[];
  readonly #onTold: (lines: Line[]) => void;
  readonly #asked = new WeakSet<Peer>();
  readonly #awaited = new WeakSet<Peer>();
  readonly #answers = new WeakMap<Peer, number>();

  constructor(visit: Visit, lines: () => readonly Line[], onTold: (lines: Line[]) => void) {
    this.#lines = lines;
    this.#onTold = onTold;
    const { call } = visit;
    // The first word over a new channel is the peer's status: the channel is open.
    call.on('status', ({ peer }) => this.#ask(peer));
    call.on('connection-state', ({ peer, state }) => {
      if (state === 'connecting') this.#asked.delete(peer);
    });
    call.on('message', ({ peer, data }) => {
      const { chatHistory } = (data ?? {}) as { chatHistory?: unknown };
      if (chatHistory === kRequest) this.#answer(peer);
      else if (chatHistory !== undefined) this.#take(peer, chatHistory);
    });
  }

  #ask(peer: Peer): void {
    if (this.#asked.has(peer)) return;
    this.#asked.add(peer);
    this.#awaited.add(peer);
    void peer.send({ chatHistory: kRequest }).catch(() => {}); // The call emits errors.
  }

  #answer(peer: Peer): void {
    const answers = this.#answers.get(peer) ?? 0;
    if (answers >= kMostAnswers) return;
    this.#answers.set(peer, answers + 1);
    void peer.send({ chatHistory: tellLines(this.#lines(), Date.now()) }).catch(() => {});
  }

  /** Accepts history only from those who were asked. */
  #take(peer: Peer, told: unknown): void {
    if (this.#awaited.delete(peer)) this.#onTold(readLines(told, Date.now()));
  }
}
