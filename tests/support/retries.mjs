// Socket.IO's option `retries`: what a client says goes out again until it is acknowledged. On one
// node and on several.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { within } from './patience.mjs';
import { assertOk, freshRoom } from './rooms.mjs';
import { wireTo } from './wire.mjs';

/**
 * A client gives up 8 s after it has sent something, of which the test itself takes 2 s: a machine
 * that stalls for 5 s makes no difference.
 */
const options = { retries: 3, ackTimeout: 2000 };

/** A client whose requests go out again after two seconds, and the wire to its server. */
class Retrier {
  static async to(t, place) {
    const retrier = new Retrier();
    retrier.wire = await wireTo(t, place);
    retrier.peer = await place.connect({ url: retrier.wire.url, ...options });
    const { token } = await retrier.ask('auth-request', { token: retrier.peer.appToken });
    retrier.auth = token;
    return retrier;
  }

  ask(event, fields) {
    const answer = new Promise((resolve, reject) => {
      const onAnswer = (error, value) => (error ? reject(error) : resolve(value));
      this.peer.socket.emit(event, { auth: this.auth, ...fields }, onAnswer);
    });
    return within(answer, `acknowledgement of ${event}`);
  }

  /** Asks while nothing gets through, until it has gone out twice. */
  async askTwice(event, fields) {
    const { socket } = this.peer;
    this.wire.stall();
    const sentTwice = new Promise((resolve) => {
      let times = 0;
      socket.onAnyOutgoing(() => (times += 1) === 2 && resolve());
    });
    const answer = this.ask(event, fields);
    await within(sentTwice, `the second ${event}`);
    socket.offAnyOutgoing();
    this.wire.flow();
    return answer;
  }
}

/** `places(count)`: somewhere to connect, several nodes in turn. */
export function describeRetries(places) {
  it('is told the same twice, and everything happens once', async (t) => {
    const [here, there] = places(2);
    const owner = await Retrier.to(t, here);
    const guest = await Retrier.to(t, there);
    const room = freshRoom();
    const peer_id = guest.peer.id;

    assertOk(await owner.askTwice('room-create-request', { room }));
    assertOk(await guest.askTwice('room-join-request', { room }));
    assert.equal((await owner.peer.next('room-join-request')).peer_id, peer_id);
    assertOk(await owner.askTwice('room-join-accept', { room, peer_id }));
    assert.equal((await owner.peer.next('room-user-join')).peer_id, peer_id);
    await guest.peer.next('room-join-accept');
    assertOk(await guest.askTwice('room-leave-request', { room }));
    assert.equal((await owner.peer.next('room-user-leave')).peer_id, peer_id);

    assertOk(await guest.ask('room-join-request', { room }));
    assertOk(await owner.ask('room-join-accept', { room, peer_id }));
    assert.equal((await owner.peer.next('room-user-join')).peer_id, peer_id);
    assertOk(await owner.askTwice('room-kick-request', { room, peer_id }));
    await guest.peer.next('room-kick');
    assert.equal((await owner.peer.next('room-user-leave')).peer_id, peer_id);
    await owner.peer.expectNone('room-user-join', 'room-user-leave');
    await guest.peer.expectNone('room-kick');
  });
}
