// Signals that the server lives through.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { serve } from '../support/server.mjs';

describe('SIGHUP', () => {
  it('does not end the server', async (t) => {
    const server = await serve(t);
    const before = await server.peer();
    server.program.signal('SIGHUP');
    await before.settle();
    await server.peer();
    assert.ok(before.socket.connected);
  });
});
