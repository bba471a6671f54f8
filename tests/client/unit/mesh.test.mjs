import { beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';
import { FakeConnection } from '../fake_connection.mjs';

const { createMesh } = await (await modules())('mesh');

describe('a mesh', () => {
  let mesh;
  let accepted;
  let main;

  /** Remembers its channel. */
  class Connection extends FakeConnection {
    createDataChannel(label, init) {
      return (main = super.createDataChannel(label, init));
    }
  }

  beforeEach(async () => {
    accepted = [];
    const signal = { id: 'me', iceServers: async () => [] };
    const room = { name_: 'room', welcomeBack_: (id) => accepted.push(id) };
    mesh = createMesh(signal, room, () => {}, { RTCPeerConnection: Connection });
    mesh.welcome_('them', {}, false);
    await new Promise((resolve) => setImmediate(resolve));
    main.readyState = 'open';
    main.send ??= () => {};
  });

  const hear = (frame) => main.onmessage({ data: JSON.stringify(frame) });

  test('lets in one newcomer for each peer that the server has forgotten', () => {
    mesh.orphanAll_();
    for (const id of ['first', 'second', 'third', 'first']) hear({ id });
    assert.deepEqual(new Set(accepted), new Set(['first']));
  });

  test('continues if a browser refuses to send its messages', () => {
    main.send = () => {
      throw new TypeError('too large');
    };
    mesh.setStatus_({ hand: 'up' });
    mesh.orphanAll_();
    assert.equal(mesh.peers_.size, 0);
  });
});
