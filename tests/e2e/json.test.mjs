// docs/protocol.md: events are JSON. Fields are found in any spelling, and what is not JSON closes
// its connection.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { rawPair } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

const invalid = {
  'a number with a leading zero': '01',
  'a number that ends with its point': '1.',
  'a number that begins with its point': '.5',
  'a number with a plus': '+1',
  NaN: 'NaN',
  undefined: 'undefined',
  'half a word': 'tru',
  'single quotes': "'x'",
  'a trailing comma': '{"a":1,}',
  'a missing colon': '{"a" 1}',
  'a key without quotes': '{a:1}',
  'a comment': '/* */1',
  'a raw line feed in a text': '"a\nb"',
  'an escape that is none': '"\\x41"',
  'an escape cut short': '"\\u12"',
  'brackets that do not match': '{"a":[1}',
  nothing: '',
};

describe('fields are read as JSON has them', () => {
  const server = useServer();

  it('whatever their order, and with escapes in their names and values', async () => {
    const { owner, guest, room } = await rawPair(server);
    const escape = (text) =>
      [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    owner.send(
      `2[ "relay\\u002dice-candidate" , {"ice_candidate":"first",` +
        `"\\u0074o":"${escape(guest.id)}", "payload" : 7 ,"\\u0072oom":"${escape(room)}","auth":"${escape(owner.auth)}"} ]`,
    );
    const [, received] = JSON.parse((await guest.nextEvent('ice-candidate')).slice(1));
    assert.deepEqual(received, { room, peer_id: owner.id, ice_candidate: 'first', payload: 7 });
    [owner, guest].forEach((client) => client.destroy());
  });

  for (const [what, body] of Object.entries(invalid)) {
    it(`${what} is no JSON: nothing arrives, the connection that sent it is closed`, async () => {
      const { owner, guest, room } = await rawPair(server);
      const fields = JSON.stringify({ auth: guest.auth, room, to: owner.id }).slice(1, -1);
      guest.send(`2["relay-ice-candidate",{${fields},"ice_candidate":${body}}]`);
      await guest.end();
      assert.match(await owner.next(), /^2\["room-user-leave"/);
      owner.destroy();
    });
  }
});
