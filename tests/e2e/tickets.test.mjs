// docs/protocol.md, "Tickets": who has left a room without saying so comes back as what it was.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';
import { describeShortLinger, describeTickets } from '../support/tickets.mjs';

describe('tickets', () => {
  const server = useServer({ env: unlimited });
  describeTickets((count) => Array(count).fill(server));
});

describe('short times', () => {
  const server = useServer({ env: { ...unlimited, ROOM_LINGER: 50, TICKET_LIFETIME: 1 } });
  describeShortLinger((count) => Array(count).fill(server));
});

describe('TICKET_LIFETIME=0', () => {
  const server = useServer({ env: { TICKET_LIFETIME: 0 } });

  it('gives none, and no room waits for anybody', async () => {
    const room = freshRoom();
    const owner = await server.peer({ recovery: true });
    assert.deepEqual(await owner.ask('room-create-request', { room }), { ok: true, room });
    owner.disconnect();
    const other = await server.peer();
    let answer = await other.ask('room-create-request', { room });
    while (answer.error?.code === 'room-taken') {
      answer = await other.ask('room-create-request', { room });
    }
    assertOk(answer);
  });
});
