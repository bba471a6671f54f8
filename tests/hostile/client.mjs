// A Socket.IO client on a bare socket. A test has hundreds of them, so it costs little: its frames
// are made once, and of what comes it keeps nothing but what somebody waits for.
import net from 'node:net';
import { webSocketPath } from '../support/engineio.mjs';
import { within } from '../support/patience.mjs';
import { upgradeRequest } from '../support/raw_websocket.mjs';
import { freshRoom } from '../support/rooms.mjs';
import { frame, opcodes, parseFrame } from '../support/websocket_frames.mjs';

/** A text message as a client sends it. */
export const textFrame = (text) => frame({ opcode: opcodes.text, payload: text });

/** An event as a client sends it. */
export const eventFrame = (name, fields) => textFrame(`42${JSON.stringify([name, fields])}`);

const connectFrame = (auth) => textFrame(`40${JSON.stringify(auth)}`);
const handshake = upgradeRequest({ path: webSocketPath('/socket.io/') });
const pong = textFrame('3');
const isPing = (payload) => payload.length === 1 && payload[0] === 0x32;

export class Client {
  /** Bytes that have come. */
  received = 0;
  /** Called with each text message, as bytes, but for the pings. */
  onText = null;
  answersPings = true;
  /** The offset of the last answer, for recovery. */
  offset = undefined;
  /** The server's Close frame, `{code, reason}`, once it has come. */
  closed = null;
  #buffer = Buffer.alloc(0);
  #status = 0;
  #waiting = new Set();

  constructor(socket) {
    this.socket = socket.unref();
    this.ended = new Promise((resolve) => socket.once('close', () => resolve(this.closed)));
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.#rejectWaiting());
  }

  /** A WebSocket that is only open. */
  static async open(port) {
    const client = new Client(net.connect({ port, host: '127.0.0.1', noDelay: true }));
    const opened = client.expect('0');
    client.socket.write(handshake);
    await opened;
    return client;
  }

  /** Opens a WebSocket and sends CONNECT with this `auth` in the same breath. */
  static async connect(port, auth) {
    const client = new Client(net.connect({ port, host: '127.0.0.1', noDelay: true }));
    const answers = Promise.all([client.expect('0'), client.expect('40{')]);
    client.socket.write(Buffer.concat([Buffer.from(handshake), connectFrame(auth)]));
    const [opened, entered] = (await answers).map((text) => JSON.parse(/\{.*/s.exec(text)[0]));
    return Object.assign(client, {
      worker: Buffer.from(opened.sid, 'base64url').readUInt16BE(0), // see src/transport/session_id.hpp
      id: entered.sid,
      pid: entered.pid,
    });
  }

  async signIn(token) {
    ({ token: this.auth } = await this.ask('auth-request', { token }, 'auth-accept'));
    return this;
  }

  send(text) {
    return this.socket.write(textFrame(text));
  }

  /** Sends an event and returns the first event of the name `answer` that comes. */
  async ask(event, fields, answer) {
    const arrival = this.expect(`42["${answer}"`);
    this.send(`42${JSON.stringify([event, { auth: this.auth, ...fields }])}`);
    const [, answered, offset] = JSON.parse((await arrival).slice(2));
    this.offset = offset ?? this.offset;
    return answered;
  }

  /** The next text that begins so. */
  expect(beginning) {
    const arrival = new Promise((resolve, reject) => {
      this.#waiting.add({ beginning, resolve, reject });
    });
    return within(arrival, () => `a message that begins with ${beginning}`);
  }

  destroy() {
    this.socket.destroy();
  }

  #read(bytes) {
    this.received += bytes.length;
    this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
    if (!this.#status && !this.#readHead()) return;
    let start = 0;
    for (let parsed = this.#frameAt(start); parsed; parsed = this.#frameAt(start)) {
      start += parsed.size;
      this.#take(parsed.frame);
    }
    this.#buffer = this.#buffer.subarray(start);
  }

  #frameAt(start) {
    return this.#status === 101 ? parseFrame(this.#buffer.subarray(start)) : null;
  }

  #readHead() {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return false;
    this.#status = Number(this.#buffer.toString('latin1', 9, 12));
    this.#buffer = this.#buffer.subarray(end + 4);
    return true;
  }

  #take({ opcode, payload }) {
    if (opcode === opcodes.close) return this.#takeClose(payload);
    if (opcode !== opcodes.text) return;
    if (isPing(payload)) {
      if (this.answersPings) this.socket.write(pong);
      return;
    }
    this.onText?.(payload);
    if (this.#waiting.size === 0) return;
    const text = payload.toString();
    for (const waiter of this.#waiting) {
      if (!text.startsWith(waiter.beginning)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(text);
    }
  }

  #takeClose(payload) {
    this.closed = { code: payload.readUInt16BE(0), reason: payload.toString('utf8', 2) };
    this.socket.end(frame({ opcode: opcodes.close, payload: payload.subarray(0, 2) }));
  }

  #rejectWaiting() {
    const why = JSON.stringify(this.closed ?? { status: this.#status });
    for (const { beginning, reject } of this.#waiting) {
      reject(
        new Error(`the connection ended before a message that begins with ${beginning}: ${why}`),
      );
    }
  }
}

/** A client that has connected and signed in. */
export async function signedIn(port, token, { recovery = false } = {}) {
  const client = await Client.connect(port, recovery ? { token, recovery } : { token });
  return client.signIn(token);
}

/** A client that asks to be the peer that this one was. */
export function comeBack(port, token, { pid, offset }) {
  return Client.connect(port, { token, recovery: true, pid, offset });
}

/** A room of this owner that lets in everybody; its name. */
export async function openRoom(owner) {
  const { room } = await owner.ask(
    'room-create-request',
    { room: freshRoom() },
    'room-create-accept',
  );
  await owner.ask('room-update-request', { room, admission: 'open' }, 'room-update');
  return room;
}

export const enterRoom = (client, room) =>
  client.ask('room-join-request', { room }, 'room-join-accept');
