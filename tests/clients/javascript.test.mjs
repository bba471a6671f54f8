import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { clients } from '../support/peer.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { testFlow } from './flow.mjs';

const app = fileURLToPath(new URL('javascript/app.mjs', import.meta.url));
const versions = {
  'JavaScript 3.1': 'socket.io-client-v3',
  'JavaScript 4.5': 'socket.io-client-v4.5',
  'JavaScript, latest': 'socket.io-client',
};

for (const [name, library] of Object.entries(versions))
  testFlow({ name, command: [process.execPath, app, library] });

describe('an upgrade while the connection is used', () => {
  const server = useServer();

  for (const client of Object.keys(clients))
    it(`loses nothing with ${client}`, async () => {
      const [owner, guest] = await server.peers(2, { client, transports: null });
      const engines = [owner, guest].map(({ socket }) => socket.io.engine);
      const upgraded = engines.map(
        (engine) => engine.transport.name === 'websocket' || once(engine, 'upgrade'),
      );
      const room = await meeting(owner, guest);
      for (let i = 0; i < 50; i += 1) await relay(owner, guest, room);
      await Promise.all(upgraded);
      for (let i = 0; i < 50; i += 1) await relay(guest, owner, room);
      assert.deepEqual(
        engines.map(({ transport }) => transport.name),
        ['websocket', 'websocket'],
      );
    });
});
