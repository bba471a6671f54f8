import assert from 'node:assert/strict';
import { request } from './http.mjs';
import { patience, within } from './patience.mjs';
import { RawWebSocket } from './raw_websocket.mjs';

/** The record separator between the packets of one HTTP payload. */
export const separator = '\x1e';

export function pollingPath(prefix, sid) {
  return `${prefix}?EIO=4&transport=polling${sid ? `&sid=${sid}` : ''}`;
}

export function webSocketPath(prefix, sid) {
  return `${prefix}?EIO=4&transport=websocket${sid ? `&sid=${sid}` : ''}`;
}

function openPacket(text) {
  assert.equal(text[0], '0', `an open packet, not ${text}`);
  return JSON.parse(text.slice(1));
}

/**
 * An Engine.IO session over HTTP long-polling, request by request. Each request has a connection of
 * its own.
 */
export class PollingSession {
  constructor(port, prefix, handshake) {
    Object.assign(this, { port, prefix, handshake, sid: handshake.sid });
  }

  static async open(port, prefix = '/socket.io/') {
    const answer = await request(port, { path: pollingPath(prefix) });
    assert.equal(answer.status, 200, answer.body);
    return new PollingSession(port, prefix, openPacket(answer.body));
  }

  get path() {
    return pollingPath(this.prefix, this.sid);
  }

  poll(options = {}) {
    return request(this.port, { path: this.path, ...options });
  }

  post(body, headers = { 'Content-Type': 'text/plain;charset=UTF-8' }) {
    return request(this.port, { method: 'POST', path: this.path, headers, body });
  }

  /** Posts and requires that the server took it. */
  async send(...packets) {
    const answer = await this.post(packets.join(separator));
    assert.deepEqual([answer.status, answer.body], [200, 'ok']);
  }

  /** The packets of the next payload that has any but pings, which are answered. */
  async packets() {
    const end = Date.now() + patience;
    for (;;) {
      assert.ok(Date.now() < end, `packets other than pings within ${patience} ms`);
      const answer = await this.poll();
      assert.equal(answer.status, 200, answer.body);
      const packets = answer.body.split(separator);
      const others = packets.filter((packet) => packet !== '2');
      if (others.length < packets.length) await this.send('3');
      if (others.length > 0) return others;
    }
  }

  /**
   * Reads what is left; then says whether the server has forgotten the session (it sends no ping).
   */
  async isClosed() {
    for (;;) {
      const { status, body } = await this.poll();
      if (status === 400) return true;
      if (body.split(separator).includes('2')) return false;
    }
  }
}

/**
 * An Engine.IO session on a WebSocket. `next` hides the heartbeat and answers it, `nextPacket`
 * shows all.
 */
export class WebSocketSession {
  constructor(socket) {
    this.socket = socket;
  }

  static async open(port, prefix = '/socket.io/', options = {}) {
    const socket = await RawWebSocket.connect(port, { path: webSocketPath(prefix), ...options });
    const session = new WebSocketSession(socket);
    session.handshake = openPacket(await socket.next('the open packet'));
    session.sid = session.handshake.sid;
    return session;
  }

  /** Opens a polling session and takes it to a WebSocket. */
  static async upgrade(polling) {
    const session = await WebSocketSession.probe(polling);
    session.send('5');
    return session;
  }

  /** The probe of an upgrade, answered but not yet followed by the upgrade packet. */
  static async probe(polling) {
    const path = webSocketPath(polling.prefix, polling.sid);
    const socket = await RawWebSocket.connect(polling.port, { path });
    socket.send('2probe');
    assert.equal(await socket.next('the answer to the probe'), '3probe');
    return new WebSocketSession(socket);
  }

  send(packet) {
    this.socket.send(packet);
  }

  nextPacket(what) {
    return this.socket.next(what);
  }

  async next(what = 'a packet') {
    let waiting = true;
    const read = async () => {
      while (waiting) {
        const packet = await this.nextPacket(what);
        if (packet !== '2') return packet;
        this.send('3');
      }
    };
    return within(read(), what).finally(() => (waiting = false));
  }

  /**
   * Requires that the server ends the connection, and not for want of a heartbeat: pings are
   * answered. Returns what it said before.
   */
  async end() {
    const said = [];
    const listen = async () => {
      for (let packet = await this.nextPacket(); ; packet = await this.nextPacket()) {
        if (packet === '2') this.send('3');
        else said.push(packet);
      }
    };
    listen().catch(() => {});
    await this.socket.end();
    return said;
  }

  destroy() {
    this.socket.destroy();
  }
}

/**
 * Requires that the server opens no lasting WebSocket: it answers in HTTP, or closes without
 * waiting for a pong.
 */
export async function assertWebSocketRefused(port, path) {
  const socket = await RawWebSocket.open(port, { path });
  const response = await within(socket.response, 'answer to the WebSocket handshake');
  if (response?.status === 101) await new WebSocketSession(socket).end();
  socket.destroy();
}
