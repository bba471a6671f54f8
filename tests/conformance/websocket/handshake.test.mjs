// RFC 6455 section 4.2: the server's side of the opening handshake.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { request } from '../../support/http.mjs';
import { frame, opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket, sampleAccept } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';
import { within } from '../../support/patience.mjs';

describe('RFC 6455 section 4.2: opening handshake', () => {
  const echo = useProgram('websocket_echo');

  async function statusFor(options) {
    const client = await RawWebSocket.open(echo.port, options);
    const response = await within(client.response, 'answer to the handshake');
    client.destroy();
    return response?.status ?? 'closed';
  }

  async function assertNoWebSocket(options) {
    const status = await statusFor(options);
    assert.ok(status === 'closed' || (status >= 400 && status < 600), `refused, not ${status}`);
  }

  it('4.2.2: answers 101 with the accept value of the standard’s sample key', async () => {
    const client = await RawWebSocket.connect(echo.port);
    const { status, headers } = await client.response;
    assert.equal(status, 101);
    assert.equal(headers['sec-websocket-accept'], sampleAccept);
    assert.equal(headers.upgrade.toLowerCase(), 'websocket');
    assert.equal(headers.connection.toLowerCase(), 'upgrade');
    client.destroy();
  });

  it('4.2.2: chooses the first subprotocol, and no extension that it does not speak', async () => {
    const client = await RawWebSocket.connect(echo.port, {
      headers: {
        'Sec-WebSocket-Protocol': 'chat, superchat',
        'Sec-WebSocket-Extensions': 'x-unheard-of',
      },
    });
    const { headers } = await client.response;
    assert.equal(headers['sec-websocket-protocol'], 'chat');
    assert.equal(headers['sec-websocket-extensions'], undefined);
    client.destroy();
  });

  it('4.2.2: chooses no subprotocol for a client that offers none', async () => {
    const client = await RawWebSocket.connect(echo.port);
    const { headers } = await client.response;
    assert.equal(headers['sec-websocket-protocol'], undefined);
    client.destroy();
  });

  it('4.2.1: takes header names and the tokens of Upgrade and Connection in any case', async () => {
    const headers = {
      Upgrade: 'WebSocket',
      Connection: undefined,
      connection: 'keep-alive, UPGRADE',
    };
    assert.equal(await statusFor({ headers }), 101);
  });

  it('4.2.1: refuses a request without Upgrade', async () => {
    await assertNoWebSocket({ headers: { Upgrade: undefined } });
  });

  it('4.2.1: refuses a request without the Connection token', async () => {
    await assertNoWebSocket({ headers: { Connection: 'keep-alive' } });
  });

  it('4.2.1: refuses a request without a key', async () => {
    await assertNoWebSocket({ headers: { 'Sec-WebSocket-Key': undefined } });
  });

  for (const [what, key] of [
    ['of 15 bytes', Buffer.alloc(15).toString('base64')],
    ['of 17 bytes', Buffer.alloc(17).toString('base64')],
    ['that is not base64', '!!!!!!!!!!!!!!!!!!!!!!=='],
    ['that is empty', ''],
  ]) {
    it(`4.2.1: refuses a key ${what}`, async () => {
      await assertNoWebSocket({ headers: { 'Sec-WebSocket-Key': key } });
    });
  }

  for (const version of ['0', '12', '14', 'x']) {
    it(`4.4: answers version ${version} with an error that names version 13`, async () => {
      const client = await RawWebSocket.open(echo.port, {
        headers: { 'Sec-WebSocket-Version': version },
      });
      const { status, headers } = await within(client.response, 'answer to the handshake');
      assert.ok(status === 426 || status === 400, `status ${status}`);
      assert.match(headers['sec-websocket-version'], /\b13\b/);
      client.destroy();
    });
  }

  it('4.2.1: refuses a request without a version', async () => {
    await assertNoWebSocket({ headers: { 'Sec-WebSocket-Version': undefined } });
  });

  it('4.2.1: refuses a method other than GET', async () => {
    await assertNoWebSocket({ method: 'POST', headers: { 'Content-Length': '0' } });
  });

  it('4.2.1: refuses HTTP/1.0', async () => {
    await assertNoWebSocket({ version: 'HTTP/1.0' });
  });

  it('answers a plain request without a WebSocket, and keeps serving', async () => {
    const { status } = await request(echo.port, { path: '/' });
    assert.ok(status >= 400, `status ${status}`);
    assert.equal(await statusFor({}), 101);
  });

  it('reads frames that came in the same segment as the handshake', async () => {
    const first = Buffer.concat([
      frame({ opcode: opcodes.text, payload: 'early' }),
      frame({ opcode: opcodes.binary, payload: 'bird' }),
    ]);
    const client = await RawWebSocket.connect(echo.port, { first });
    assert.equal(await client.next(), 'early');
    assert.deepEqual(await client.next(), Buffer.from('bird'));
    client.destroy();
  });

  it('reads a handshake that comes byte by byte', async () => {
    const client = await RawWebSocket.connect(echo.port, { byteByByte: true });
    client.send('patience');
    assert.equal(await client.next(), 'patience');
    client.destroy();
  });
});
