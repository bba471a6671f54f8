import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { closePayload, frame, opcodes, parseFrame } from './websocket_frames.mjs';
import { Queue } from './queue.mjs';
import { within } from './patience.mjs';

/** The key of RFC 6455 section 1.3 and the answer it must get. */
export const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ==';
export const sampleAccept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** The opening handshake's request; `headers` add or, with undefined, take away. */
export function upgradeRequest({
  path = '/',
  headers = {},
  method = 'GET',
  version = 'HTTP/1.1',
} = {}) {
  const all = {
    Host: 'localhost',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': sampleKey,
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  return `${method} ${path} ${version}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/**
 * A WebSocket client that shows every frame and can send any bytes. Of itself it answers a Close
 * frame only, as every client must; not even that while `answersClose` is false.
 */
export class RawWebSocket {
  answersClose = true;
  #closeSent = false;
  #buffer = Buffer.alloc(0);
  #frames = new Queue();
  #response = null;
  #answered;

  constructor(socket) {
    // Open connections must not keep a failed test alive; every wait has a timer of its own.
    this.socket = socket.unref();
    this.response = new Promise((resolve) => (this.#answered = resolve));
    this.ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#answered(null);
      this.#frames.end('the connection was closed');
    });
  }

  /** Sends the handshake's request (and `first`, in the same write) and returns without waiting. */
  static async open(port, { first = '', byteByByte = false, ...request } = {}) {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    await within(once(socket, 'connect'), `connect to port ${port}`);
    const client = new RawWebSocket(socket);
    const bytes = Buffer.concat([Buffer.from(upgradeRequest(request)), Buffer.from(first)]);
    if (byteByByte) await client.writeByteByByte(bytes);
    else client.write(bytes);
    return client;
  }

  /** As `open`, and requires the server's 101. */
  static async connect(port, options) {
    const client = await RawWebSocket.open(port, options);
    const response = await within(client.response, 'answer to the WebSocket handshake');
    assert.equal(response?.status, 101, 'status of the WebSocket handshake');
    return client;
  }

  #read(bytes) {
    this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
    if (!this.#response && !this.#readResponse()) return;
    for (let parsed = parseFrame(this.#buffer); parsed; parsed = parseFrame(this.#buffer)) {
      this.#buffer = this.#buffer.subarray(parsed.size);
      if (parsed.frame.opcode === opcodes.close) this.#answerClose(parsed.frame);
      this.#frames.push(parsed.frame);
    }
  }

  #answerClose({ payload }) {
    if (!this.answersClose || this.#closeSent) return;
    this.sendFrame({ opcode: opcodes.close, payload: payload.subarray(0, 2) });
    this.socket.end();
  }

  #readResponse() {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const [statusLine, ...lines] = this.#buffer.toString('latin1', 0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => line.split(/: */, 2)).map(([n, v]) => [n.toLowerCase(), v]),
    );
    this.#response = { status: Number(statusLine.split(' ')[1]), headers };
    this.#buffer = this.#buffer.subarray(end + 4);
    this.#answered(this.#response);
    return this.#response.status === 101;
  }

  write(bytes) {
    this.socket.write(bytes);
  }

  /** Every byte in a segment of its own, as far as that is in the sender's hand. */
  async writeByteByByte(bytes) {
    for (const byte of bytes) {
      this.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** One frame, with any part of it made wrong (see `frame`). */
  sendFrame(parts) {
    if (parts.opcode === opcodes.close) this.#closeSent = true;
    this.write(frame(parts));
  }

  /** A whole message: text for a string, binary for a Buffer. */
  send(message) {
    this.sendFrame({
      opcode: typeof message === 'string' ? opcodes.text : opcodes.binary,
      payload: message,
    });
  }

  sendClose(code, reason) {
    this.sendFrame({
      opcode: opcodes.close,
      payload: code === undefined ? '' : closePayload(code, reason),
    });
  }

  nextFrame(what = 'a WebSocket frame') {
    return this.#frames.next(what);
  }

  get unread() {
    return this.#frames.unread;
  }

  /** The next data message: a string for text, a Buffer for binary. Fails on a control frame. */
  async next(what) {
    const first = await this.nextFrame(what);
    assert.ok(
      first.opcode === opcodes.text || first.opcode === opcodes.binary,
      `data, not ${describeFrame(first)}`,
    );
    const parts = [first.payload];
    for (let last = first; !last.fin; parts.push(last.payload)) last = await this.nextFrame(what);
    const whole = Buffer.concat(parts);
    return first.opcode === opcodes.text ? whole.toString() : whole;
  }

  /**
   * Requires the server's Close frame next, and then the end of the TCP connection; returns its
   * code and reason.
   */
  async nextClose() {
    const { opcode, payload } = await this.nextFrame('a Close frame');
    assert.equal(opcode, opcodes.close, 'a Close frame');
    await within(this.ended, 'end of the TCP connection after the Close frame');
    return {
      code: payload.length < 2 ? undefined : payload.readUInt16BE(0),
      reason: payload.subarray(2).toString(),
    };
  }

  /** The end of the connection, whatever comes before it. */
  async end() {
    await within(this.ended, 'end of the WebSocket connection');
  }

  destroy() {
    this.socket.destroy();
  }
}

function describeFrame({ opcode, payload }) {
  return opcode === opcodes.close && payload.length >= 2
    ? `Close ${payload.readUInt16BE(0)}`
    : `opcode ${opcode}`;
}

/** The code and text of the close frame, whatever comes before it. Pings are not answered. */
export async function closing(socket) {
  for (;;) {
    const { opcode, payload } = await socket.nextFrame('a Close frame');
    if (opcode !== opcodes.close) continue;
    await socket.end();
    return { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
  }
}
