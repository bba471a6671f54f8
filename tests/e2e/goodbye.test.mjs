// docs/protocol.md, "When a connection breaks": how a page that polls says goodbye when it goes.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { separator } from '../support/engineio.mjs';
import { HttpConnection } from '../support/http.mjs';
import { createRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { authenticate, RawSocketIo } from '../support/socketio.mjs';
import { unlimited } from '../support/settings.mjs';

const goodbye = `41${separator}1`;

describe('a page that polls', () => {
  const server = useServer({ env: unlimited });

  /** An owner, and a guest who polls and has recovery. */
  async function meet() {
    const owner = await server.peer();
    const room = await createRoom(owner);
    const token = await server.appToken();
    const guest = await RawSocketIo.connectPolling(server.port, {
      auth: { token, recovery: true },
    });
    const auth = await authenticate(guest, token);
    await guest.send(`2["room-join-request",${JSON.stringify({ auth, room })}]`);
    const { peer_id } = await owner.next('room-join-request');
    await owner.ask('room-join-accept', { room, peer_id });
    await owner.next('room-user-join');
    await guest.nextEvent('room-join-accept');
    return { owner, guest: guest.transport.session, peer_id };
  }

  it('has left at once when it says goodbye', async () => {
    const { owner, guest, peer_id } = await meet();
    const answer = await guest.post(goodbye);
    assert.equal(answer.status, 200);
    assert.equal((await owner.next('room-user-leave')).peer_id, peer_id);
  });

  it('even while another POST is under way', async () => {
    const { owner, guest, peer_id } = await meet();
    const other = await HttpConnection.open(server.port);
    other.write(`POST ${guest.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42[`);
    await owner.settle();
    const answer = await guest.post(goodbye);
    assert.equal(answer.status, 200);
    assert.equal((await owner.next('room-user-leave')).peer_id, peer_id);
    other.socket.destroy();
  });

  it('even if the browser has ended its last poll before', async () => {
    const { owner, guest, peer_id } = await meet();
    const poll = await HttpConnection.open(server.port);
    poll.write(`GET ${guest.path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await owner.settle();
    poll.socket.resetAndDestroy();
    const isLost = (line) => line.includes(`"reason":"connection lost"`) && line.includes(peer_id);
    await server.program.line(isLost, 'the loss of the connection');
    const answer = await guest.post(goodbye);
    assert.equal(answer.status, 200);
    assert.equal((await owner.next('room-user-leave')).peer_id, peer_id);
  });

  it('as it says nothing else beside another POST', async () => {
    const { guest } = await meet();
    const other = await HttpConnection.open(server.port);
    other.write(`POST ${guest.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42[`);
    const event = '42["room-info-request",{}]';
    let answer = await guest.post(event);
    while (answer.status === 200) answer = await guest.post(event); // The other one was not there yet.
    assert.equal(answer.status, 400);
    assert.match(answer.body, /two posts at once/);
    other.socket.destroy();
  });
});
