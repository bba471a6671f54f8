// docs/protocol.md, "Server to client": values of peers pass byte for byte; nothing is re-ordered,
// re-numbered or re-escaped.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo, authenticate, rawPair } from '../support/socketio.mjs';
import { assertRefused } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

const spellings = {
  'numbers as they were written':
    '[1.0e5,1E5,1e+5,-0,0.0,-0.0e-0,1.10,100000000000000000000000001,0.1e-400,1e999]',
  'the order of keys': '{"z":1,"a":2,"10":3,"9":4,"__proto__":5,"constructor":6}',
  'a key that comes twice': '{"a":1,"a":2,"b":3,"a":4}',
  'an empty key': '{"":{"":[]}}',
  'escapes that need not be': '"\\u0041\\/\\u00e9\\u20AC\\ud83d\\ude00\\b\\f\\n\\r\\t\\"\\\\"',
  'letters that need not be escaped': '"é€😀\u007f\u0085\u2028\u2029\ufeff"',
  'the two spellings of one letter': '["\\u00e9","é","\\u00E9"]',
  'an escaped NUL': '"\\u0000"',
  'a lone surrogate as an escape': '"\\ud800"',
  'white space inside': '{ "a" :\t1 ,\r\n "b" : [ 1 , 2 ] }',
  'texts that look like JSON': '"{\\"peer_id\\":\\"x\\"}"',
  'keys of the protocol inside':
    '{"to":"a","room":"b","auth":"c","peer_id":"d","payload":{"payload":1}}',
  'a placeholder of Socket.IO': '{"_placeholder":true,"num":0}',
  markup: '"</script><!-- & \' -->"',
  'nested values': '[[[[[{"a":[{"b":[null,true,false]}]}]]]]]',
  'a long SDP': JSON.stringify({
    type: 'offer',
    sdp: 'a=candidate:1 1 udp 2122260223 192.0.2.1 62375\r\n'.repeat(500),
  }),
  null: 'null',
  'an empty text': '""',
};

/** Asserts that each of these fields of the event has the raw value. */
function assertHolds(event, value, ...fields) {
  for (const field of fields) assert.ok(event.includes(`"${field}":${value}`), event);
}

/** The event's text with these raw fields before and after the value under test. */
function packet(event, fields, raw) {
  const known = JSON.stringify(fields).slice(1, -1);
  const values = Object.entries(raw).map(([name, value]) => `"${name}":${value}`);
  return `2["${event}",{${known},${values.join(',')}}]`;
}

describe('byte for byte', () => {
  const server = useServer();

  for (const [event, outcome, field] of [
    ['relay-session-description', 'session-description', 'session_description'],
    ['relay-ice-candidate', 'ice-candidate', 'ice_candidate'],
  ]) {
    it(`${outcome}: ${field} and payload, in every spelling`, async () => {
      const { owner, guest, room } = await rawPair(server);
      for (const [what, value] of Object.entries(spellings)) {
        const fields = { auth: owner.auth, room, to: guest.id };
        owner.send(packet(event, fields, { [field]: value, payload: `[${value},"p"]` }));
        const received = await guest.nextEvent(outcome);
        assert.ok(received.includes(`"${field}":${value}`), `${what}: ${received}`);
        assert.ok(received.includes(`"payload":[${value},"p"]`), `${what}: ${received}`);
        JSON.parse(received.slice(1));
      }
      [owner, guest].forEach((client) => client.destroy());
    });
  }

  it('the same over HTTP long-polling', async () => {
    const { owner, guest, room } = await rawPair(server, { polling: true });
    for (const [what, value] of Object.entries(spellings)) {
      const fields = { auth: owner.auth, room, to: guest.id };
      await owner.send(packet('relay-session-description', fields, { session_description: value }));
      const received = await guest.nextEvent('session-description');
      assert.ok(received.includes(`"session_description":${value}`), `${what}: ${received}`);
    }
  });

  // Too long for peerinfo, or refused there.
  const besides = ['a long SDP', 'a placeholder of Socket.IO'];
  for (const [what, value] of Object.entries(spellings).filter(
    ([name]) => !besides.includes(name),
  )) {
    it(`peerinfo and payload from sign-in to good-bye: ${what}`, async () => {
      const appToken = await server.appToken();
      const connect = () => RawSocketIo.connect(server.port, { auth: { token: appToken } });
      const [owner, candidate] = [await connect(), await connect()];
      candidate.send(
        packet('auth-request', { token: appToken }, { peerinfo: value, payload: value }),
      );
      const accepted = await candidate.nextEvent('auth-accept');
      assertHolds(accepted, value, 'payload');
      candidate.auth = JSON.parse(accepted.slice(1))[1].token;
      owner.auth = await authenticate(owner, appToken);
      owner.send(
        packet('room-create-request', { auth: owner.auth }, { room: 'null', payload: value }),
      );
      const created = await owner.nextEvent('room-create-accept');
      assertHolds(created, value, 'payload');
      const { room } = JSON.parse(created.slice(1))[1];
      candidate.send(
        packet('room-join-request', { auth: candidate.auth, room }, { payload: value }),
      );
      const asked = await owner.nextEvent('room-join-request');
      assertHolds(asked, value, 'peerinfo', 'payload');
      owner.send(
        packet(
          'room-join-accept',
          { auth: owner.auth, room, to: candidate.id },
          { payload: value },
        ),
      );
      const admitted = await candidate.nextEvent('room-join-accept');
      assertHolds(admitted, value, 'payload');
      const joined = await owner.nextEvent('room-user-join');
      assertHolds(joined, value, 'peerinfo', 'payload');
      await candidate.send('1'); // DISCONNECT
      const left = await owner.nextEvent('room-user-leave');
      assertHolds(left, value, 'peerinfo');
      [owner, candidate].forEach((client) => client.destroy());
    });
  }

  it('peerinfo with a placeholder is refused: it would refer to attachments of other events', async () => {
    const peer = await server.connect();
    for (const peerinfo of [
      { a: [{ _placeholder: true, num: 0 }] },
      { photo: Buffer.from('bytes') },
    ]) {
      assertRefused(
        await peer.askRaw('auth-request', { token: peer.appToken, peerinfo }),
        'invalid-arguments',
      );
    }
    await peer.authenticate();
  });

  it('peersinfo of room-join-accept', async () => {
    const value = '{"z":1.0e5,"a":"\\u0041","a":2}';
    const { owner, guest, room } = await rawPair(server);
    const appToken = await server.appToken();
    guest.send(packet('auth-request', { token: appToken }, { peerinfo: value }));
    await guest.nextEvent('auth-accept');
    const third = await RawSocketIo.connect(server.port, { auth: { token: appToken } });
    const auth = await authenticate(third, appToken);
    third.send(packet('room-join-request', { auth }, { room: JSON.stringify(room) }));
    await owner.nextEvent('room-join-request');
    owner.send(
      packet(
        'room-join-accept',
        { auth: owner.auth },
        { room: JSON.stringify(room), to: `"${third.id}"` },
      ),
    );
    const accepted = await third.nextEvent('room-join-accept');
    assert.ok(accepted.includes(`"peersinfo":{"${guest.id}":${value}}`), accepted);
    [owner, guest, third].forEach((client) => client.destroy());
  });
});

describe('absent fields and fields that are null', () => {
  const server = useServer();

  for (const [what, raw, expected] of [
    ['an absent payload stays absent', {}, false],
    ['a payload of null comes out as null', { payload: 'null' }, true],
  ]) {
    it(what, async () => {
      const { owner, guest, room } = await rawPair(server);
      owner.send(
        packet(
          'relay-ice-candidate',
          { auth: owner.auth, room, to: guest.id },
          { ice_candidate: '1', ...raw },
        ),
      );
      const received = await guest.nextEvent('ice-candidate');
      assert.equal(received.includes('"payload":null'), expected, received);
      assert.equal(received.includes('"payload"'), expected, received);
      [owner, guest].forEach((client) => client.destroy());
    });
  }
});
