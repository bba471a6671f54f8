// docs/protocol.md, "Closing": clients of Socket.IO 2 are told which version they need, in a form
// that they show.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import io from 'socket.io-client-v2';
import { within } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';

const text = /^Unsupported protocol version: .*Socket\.IO client of version 3 or newer$/;

describe('socket.io-client 2', () => {
  const server = useServer();

  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    for (const namespace of ['/', '/chat']) {
      it(`over ${transports.join(' and ')}, on ${namespace}: shows what is wrong`, async () => {
        const socket = io(server.url + namespace, { transports, forceNew: true });
        const shown = new Promise((resolve) => socket.on('error', resolve));
        assert.match(await within(shown, 'an error that the client shows'), text);
        socket.close();
      });
    }

    it(`over ${transports.join(' and ')}: does not try again and again`, async () => {
      const socket = io(server.url, { transports, forceNew: true });
      const ended = new Promise((resolve) => socket.on('disconnect', resolve));
      assert.equal(await within(ended, 'disconnect'), 'io server disconnect');
      assert.equal(socket.io.readyState, 'closed');
      assert.ok(socket.io.skipReconnect);
      socket.close();
    });
  }
});
