import assert from 'node:assert/strict';
import { PollingSession, WebSocketSession } from './engineio.mjs';

/**
 * Socket.IO by hand, so that a test sees and sends the very text of every packet.
 * The transport is a `WebSocketSession` or a `PollingTransport`.
 */
export class RawSocketIo {
  constructor(transport) {
    this.transport = transport;
  }

  /** Over a WebSocket, connected to `/` with this `auth` text (JSON or nothing). */
  static async connect(port, { auth = '', ...options } = {}) {
    const client = new RawSocketIo(await WebSocketSession.open(port, '/socket.io/', options));
    return client.enter(auth);
  }

  /** The same over HTTP long-polling, every request on a connection of its own. */
  static async connectPolling(port, { auth = '' } = {}) {
    const client = new RawSocketIo(new PollingTransport(await PollingSession.open(port)));
    return client.enter(auth);
  }

  async enter(auth) {
    await this.send(`0${typeof auth === 'string' ? auth : JSON.stringify(auth)}`);
    const answer = await this.next();
    assert.match(answer, /^0\{"sid":"[^"]+"(,"pid":"[^"]+")?\}$/, 'the answer to CONNECT');
    ({ sid: this.id, pid: this.pid } = JSON.parse(answer.slice(1)));
    return this;
  }

  /** Sends a Socket.IO packet (without the Engine.IO "4"), or a Buffer as a binary attachment. */
  send(packet) {
    return this.transport.send(typeof packet === 'string' ? `4${packet}` : packet);
  }

  /**
   * The next Socket.IO packet, without the Engine.IO "4"; a Buffer for an attachment. The offset of
   * an event, for connection state recovery, is taken off it and kept.
   */
  async next(what = 'a Socket.IO packet') {
    const packet = await this.transport.next(what);
    if (typeof packet !== 'string') return packet;
    assert.equal(packet[0], '4', `a message, not ${packet}`);
    return packet.slice(1).replace(/^((?:2|5\d+-)\[.*),"([a-p]{6}\d+)"\]$/s, (_, event, offset) => {
      this.offset = offset;
      return `${event}]`;
    });
  }

  /** Reads on to the event of this name and returns the text of its packet. */
  async nextEvent(name) {
    for (;;) {
      const packet = await this.next(`event ${name}`);
      if (packet.startsWith(`2["${name}"`)) return packet;
    }
  }

  /** Requires that the server ends the connection. */
  end() {
    return this.transport.end();
  }

  destroy() {
    this.transport.destroy();
  }
}

class PollingTransport {
  #arrived = [];

  constructor(session) {
    this.session = session;
  }

  async send(packet) {
    await this.session.send(typeof packet === 'string' ? packet : `b${packet.toString('base64')}`);
  }

  async next() {
    if (this.#arrived.length === 0) this.#arrived = await this.session.packets();
    const packet = this.#arrived.shift();
    return packet[0] === 'b' ? Buffer.from(packet.slice(1), 'base64') : packet;
  }

  async end() {
    assert.ok(await this.session.isClosed(), 'the session is closed');
  }

  destroy() {}
}

/** A raw client over a WebSocket with an app token; `auth` are other members of its CONNECT's. */
export async function rawClient(server, auth = {}) {
  const token = await server.appToken();
  return RawSocketIo.connect(server.port, { auth: { token, ...auth } });
}

/** Signs in over a raw connection and returns the session token. */
export async function authenticate(client, appToken, fields = {}) {
  await client.send(`2${JSON.stringify(['auth-request', { token: appToken, ...fields }])}`);
  const [, accepted] = JSON.parse((await client.nextEvent('auth-accept')).slice(1));
  return accepted.token;
}

/**
 * A raw client that is a member of the owner's room, with its session token as `auth`. `how`: over
 * a WebSocket, or `connectPolling`; `recovery`: whether it asks to be the same peer again.
 */
export async function rawMember(server, owner, room, { how = 'connect', recovery = false } = {}) {
  const token = await server.appToken();
  const auth = recovery ? { token, recovery } : { token };
  const member = await RawSocketIo[how](server.port, { auth });
  member.auth = await authenticate(member, token);
  await member.send(`2${JSON.stringify(['room-join-request', { room, auth: member.auth }])}`);
  await owner.next('room-join-request');
  await owner.ask('room-join-accept', { room, to: member.id });
  await member.nextEvent('room-join-accept');
  await owner.next('room-user-join');
  return member;
}

/**
 * Two raw clients in one room, the first its owner; `room` and their session tokens as `auth`.
 * `other`: the node that the second one is on.
 */
export async function rawPair(server, { polling = false, other = server } = {}) {
  const connect = polling ? RawSocketIo.connectPolling : RawSocketIo.connect;
  const [owner, guest] = await Promise.all(
    [server, other].map(async (node) => {
      const token = await node.appToken();
      const client = await connect(node.port, { auth: { token } });
      client.auth = await authenticate(client, token);
      return client;
    }),
  );
  const event = (name, fields) => `2${JSON.stringify([name, fields])}`;
  await owner.send(event('room-create-request', { auth: owner.auth }));
  const [, { room }] = JSON.parse((await owner.nextEvent('room-create-accept')).slice(1));
  await guest.send(event('room-join-request', { auth: guest.auth, room }));
  await owner.nextEvent('room-join-request');
  await owner.send(event('room-join-accept', { auth: owner.auth, room, to: guest.id }));
  await guest.nextEvent('room-join-accept');
  await owner.nextEvent('room-user-join');
  return { owner, guest, room };
}
