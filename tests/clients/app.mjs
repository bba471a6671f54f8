// One user of the server in another language: a program that is called with
//   URL TOKEN TRANSPORT ROLE ROOM NAME
// and behaves as an app would. It prints what happens as lines of JSON, `{event, data}`.
// - TRANSPORT is `polling`, `websocket` or `upgrade`.
// - An `owner` creates ROOM, admits all but those named "stranger", and sends each newcomer an
//   offer.
// - A `candidate` asks to enter ROOM. So does a `sender`, and sends the first member 200 bytes
//   (0, 1, 2, …) in a `relay-message`.
// - An offer is answered; an offer and an answer are followed by an ICE candidate.
// - It reconnects if its connection fails, and leaves when its standard input ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Queue } from '../support/queue.mjs';
import { within } from '../support/patience.mjs';

export const bytesSent = Buffer.from(Array.from({ length: 200 }, (_, index) => index));

/** The session description of an app of this name. */
export function description(type, name) {
  return { type, sdp: `v=0\r\no=- ${name} “κόσμε”\r\n${'a=candidate\r\n'.repeat(500)}` };
}

/** The ICE candidate of an app of this name. */
export function iceCandidate(name) {
  return { candidate: `candidate of ${name}`, sdpMLineIndex: 0 };
}

export class App {
  #child;
  #queues = new Map();
  #errors = '';

  /** `command`: the program and its first arguments. */
  constructor(command, { url, token, transport, role, room, name }) {
    const [program, ...first] = command;
    this.name = name;
    this.#child = spawn(program, [...first, url, token, transport, role, room, name]);
    this.#child.stdin.on('error', () => {}); // It has ended already.
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.#errors += text));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#arrived(line));
    this.exited = once(this.#child, 'close').then(([code, signal]) => {
      for (const event of this.#queues.keys())
        this.#queue(event).end(`the app has ended (${code ?? signal})\n${this.#errors}`);
      return code;
    });
  }

  #queue(event) {
    if (!this.#queues.has(event)) this.#queues.set(event, new Queue());
    return this.#queues.get(event);
  }

  #arrived(line) {
    const { event, data } = JSON.parse(line);
    this.#queue(event).push(data);
  }

  /** The data of the next event of this name. */
  next(event) {
    return this.#queue(event).next(() => `${this.name}: ${event} (${this.#summary()})`);
  }

  /** The data of that many events of this name. */
  async take(count, event) {
    const taken = [];
    while (taken.length < count) taken.push(await this.next(event));
    return taken;
  }

  #summary() {
    const unread = [...this.#queues].map(
      ([
        event,
        {
          unread: { length, [length - 1]: last },
        },
      ]) => `${length} ${event}, the last one ${JSON.stringify(last)}`.slice(0, 200),
    );
    return ['not read:', ...unread, 'standard error:', this.#errors.slice(-4000)].join('\n');
  }

  /** Lets it leave as its library does it, and end. */
  async leave() {
    this.#child.stdin.end();
    const code = await within(this.exited, () => `end of ${this.name} (${this.#summary()})`);
    assert.equal(code, 0, this.#errors);
  }

  /** Ends it without a good-bye. */
  async kill() {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
