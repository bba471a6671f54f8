// A TURN client over UDP, as far as the tests need one: STUN messages (RFC 8489), allocations
// (RFC 8656) and long-term credentials.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { within } from './patience.mjs';

const magicCookie = 0x2112a442;
const methods = { binding: 0x001, allocate: 0x003, refresh: 0x004, createPermission: 0x008 };
const attributes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  relayedAddress: 0x0016,
  requestedTransport: 0x0019,
};
const udp = Buffer.from([17, 0, 0, 0]);
// UDP loses datagrams, and a server that is starting does not hear the first (RFC 8489 §6.2.1).
const retransmissionTimeout = 200;
const staleNonce = 438;

function attribute(type, value) {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

function header(method, length, transaction) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(method, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(magicCookie, 4);
  return Buffer.concat([bytes, transaction]);
}

/** RFC 8489 §14.2, of an IPv4 address, with port 9. */
function xorAddress(address) {
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(magicCookie);
  const bytes = address.split('.').map((byte, index) => Number(byte) ^ mask[index]);
  return Buffer.from([0, 1, mask[0], mask[1] ^ 9, ...bytes]);
}

/** RFC 8489 §14.5: the code covers all before it, its own length counted. */
function signed(method, transaction, body, key) {
  const covered = Buffer.concat([header(method, body.length + 24, transaction), body]);
  const code = createHmac('sha1', key).update(covered).digest();
  return Buffer.concat([covered, attribute(attributes.messageIntegrity, code)]);
}

function parse(message) {
  const found = new Map();
  for (let at = 20; at < message.length;) {
    const length = message.readUInt16BE(at + 2);
    found.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const error = found.get(attributes.errorCode);
  return { found, error: error ? error[2] * 100 + error[3] : null };
}

export class TurnClient {
  // A test that fails must not be kept alive by what it left open.
  #socket = createSocket('udp4').unref();
  #port;
  #credential;
  #challenge = null;

  constructor(port, { username, credential } = {}) {
    this.#port = port;
    this.#credential = { username, credential };
  }

  /** Whether the server is there: it answers a Binding request. */
  async reach() {
    const { error } = await this.#send(methods.binding, []);
    return error === null;
  }

  /** Asks for a relay: null if it was granted, else the error code. */
  allocate() {
    return this.#authenticated(methods.allocate, [attribute(attributes.requestedTransport, udp)]);
  }

  /** Asks the relay to stand for another ten minutes: null or the error code. */
  refresh(seconds = 600) {
    const lifetime = Buffer.alloc(4);
    lifetime.writeUInt32BE(seconds);
    return this.#authenticated(methods.refresh, [attribute(attributes.lifetime, lifetime)]);
  }

  /** Asks that this IPv4 address may be a peer of the relay: null or the error code. */
  permit(address) {
    const peer = attribute(attributes.xorPeerAddress, xorAddress(address));
    return this.#authenticated(methods.createPermission, [peer]);
  }

  /** Gives the relay up, if there is one. */
  async close() {
    if (this.relayed) await this.refresh(0);
    this.#socket.close();
  }

  /** The first request is sent bare, and the refusal holds realm and nonce (RFC 8489 §9.2.3). */
  async #authenticated(method, body) {
    if (!this.#challenge) {
      const { error, found } = await this.#send(method, body);
      if (error !== 401) throw new Error(`a challenge, not ${error}`);
      this.#challenged(found);
    }
    const answer = await this.#signed(method, body);
    if (answer.error !== staleNonce) return answer.error;
    this.#challenged(answer.found);
    return (await this.#signed(method, body)).error;
  }

  #challenged(found) {
    this.#challenge = { realm: found.get(attributes.realm), nonce: found.get(attributes.nonce) };
  }

  async #signed(method, body) {
    const { realm, nonce } = this.#challenge;
    const { username, credential } = this.#credential;
    const key = createHash('md5').update(`${username}:${realm}:${credential}`).digest();
    const identity = [
      attribute(attributes.username, Buffer.from(username)),
      attribute(attributes.realm, realm),
      attribute(attributes.nonce, nonce),
    ];
    const answer = await this.#send(method, [...body, ...identity], key);
    this.relayed ||= answer.found.has(attributes.relayedAddress);
    return answer;
  }

  async #send(method, parts, key) {
    const transaction = randomBytes(12);
    const body = Buffer.concat(parts);
    const message = key
      ? signed(method, transaction, body, key)
      : Buffer.concat([header(method, body.length, transaction), body]);
    const send = () => this.#socket.send(message, this.#port, '127.0.0.1');
    const answer = this.#answer(transaction);
    send();
    const retransmission = setInterval(send, retransmissionTimeout);
    try {
      const what = `an answer of the TURN server on port ${this.#port}`;
      return parse(await within(answer, what));
    } finally {
      clearInterval(retransmission);
    }
  }

  async #answer(transaction) {
    for (;;) {
      const [message] = await once(this.#socket, 'message');
      if (message.subarray(8, 20).equals(transaction)) return message;
    }
  }
}
