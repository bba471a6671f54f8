import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { within } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { modules } from './build.mjs';

const kConnectTimeout = 300;
const quick = { reconnectionDelay: 50, reconnectionDelayMax: 200 };

describe('a token that takes longer than the server waits for it', () => {
  const server = useServer({ env: { CONNECT_TIMEOUT: kConnectTimeout } });
  let Signal;
  let signal;

  before(async () => {
    ({ Signal } = await (await modules())('index'));
  });
  after(() => signal?.close());

  test('is taken by a later attempt, and asked for again only after that', async (t) => {
    const wire = await wireTo(t, server);
    let asked = 0;
    const token = async () => {
      asked += 1;
      await pause(4 * kConnectTimeout);
      return server.appToken();
    };
    let attempts = 0;
    signal = new Signal(wire.url, { token, socket: quick });
    signal.on('state', () => (attempts += 1));
    await within(signal.open(), 'the late token gets in');
    assert.equal(asked, 1);
    assert.ok(attempts > 1, 'the server did not wait for it');
    const back = signal.once('state', ({ state }) => state === 'resumed');
    wire.drop();
    await within(back, 'a later token, as late');
    assert.equal(asked, 2);
  });
});
