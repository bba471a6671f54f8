import net from 'node:net';
import { once } from 'node:events';
import { Queue } from './queue.mjs';
import { within } from './patience.mjs';

/** HTTP/1.1 over a bare socket: sends any bytes, and reads responses one by one. */
export class HttpConnection {
  #buffer = Buffer.alloc(0);
  #responses = new Queue();
  #methods = [];

  constructor(socket) {
    // Open connections must not keep a failed test alive; every wait has a timer of its own.
    this.socket = socket.unref();
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.#ended());
  }

  static async open(port, host = '127.0.0.1') {
    const socket = net.connect({ port, host, noDelay: true });
    await within(once(socket, 'connect'), `connect to port ${port}`);
    return new HttpConnection(socket);
  }

  write(bytes) {
    this.socket.write(bytes);
  }

  send(options) {
    this.#methods.push(options.method ?? 'GET');
    this.write(serialise(options));
  }

  /** The next response, `{status, headers, body}`; names of headers in lower case. */
  response() {
    return this.#responses.next('an HTTP response');
  }

  get unread() {
    return this.#responses.unread;
  }

  async ended() {
    await within(this.closed, 'end of the HTTP connection');
  }

  destroy() {
    this.socket.destroy();
  }

  #read(bytes) {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const parsed = parseResponse(this.#buffer, this.#methods[0], false);
      if (!parsed) return;
      this.#take(parsed);
    }
  }

  #take({ response, length }) {
    this.#buffer = this.#buffer.subarray(length);
    if (response.status >= 200 || response.status === 101) this.#methods.shift();
    this.#responses.push(response);
  }

  #ended() {
    const parsed = parseResponse(this.#buffer, this.#methods[0], true);
    if (parsed) this.#take(parsed);
    this.#responses.end('the connection was closed');
  }
}

function serialise({ method = 'GET', path = '/', headers = {}, body = '', version = 'HTTP/1.1' }) {
  const content = Buffer.from(body);
  const all = { Host: 'localhost', ...headers };
  const named = Object.keys(all).map((name) => name.toLowerCase());
  const sized = named.includes('content-length') || named.includes('transfer-encoding');
  if (!sized && (content.length > 0 || method === 'POST')) all['Content-Length'] = content.length;
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${one}`),
  );
  return Buffer.concat([
    Buffer.from(`${[`${method} ${path} ${version}`, ...lines].join('\r\n')}\r\n\r\n`),
    content,
  ]);
}

function parseHead(text) {
  const [statusLine, ...lines] = text.split('\r\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { status: Number(statusLine.split(' ')[1]), headers };
}

function parseResponse(bytes, method, atEnd) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const { status, headers } = parseHead(bytes.toString('latin1', 0, headEnd));
  const start = headEnd + 4;
  const answer = (raw, length) => ({
    response: { status, headers, raw, body: raw.toString() },
    length,
  });
  const bodiless = status < 200 || status === 204 || status === 304 || method === 'HEAD';
  if (bodiless) return answer(Buffer.alloc(0), start);
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return parseChunks(bytes, start, answer);
  if ('content-length' in headers) {
    const end = start + Number(headers['content-length']);
    return bytes.length < end ? null : answer(bytes.subarray(start, end), end);
  }
  return atEnd ? answer(bytes.subarray(start), bytes.length) : null;
}

function parseChunks(bytes, start, answer) {
  const chunks = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return null;
    if (size === 0) return answer(Buffer.concat(chunks), next);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}

/** One request on a connection of its own, which is closed afterwards. */
export async function request(port, options = {}) {
  const connection = await HttpConnection.open(port);
  try {
    connection.send({ ...options, headers: { Connection: 'close', ...options.headers } });
    return await connection.response();
  } finally {
    connection.destroy();
  }
}
