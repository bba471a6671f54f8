// The demo behind a proxy that ends TLS, as in production: relative addresses, WebSocket over TLS.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer } from 'node:tls';
import { makeCertificate } from '../support/certificate.mjs';
import { useDemo } from './meeting.mjs';

describe('the demo over HTTPS', () => {
  const { server, arrive } = useDemo();
  const proxy = createServer(makeCertificate());
  let url;

  before(async () => {
    proxy.on('secureConnection', (socket) => {
      const onward = connect(server.port, server.host);
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) end.on('error', () => {}); // 'close' follows.
      socket.on('close', () => onward.destroy());
      onward.on('close', () => socket.destroy());
    });
    proxy.listen(0, server.host);
    await once(proxy, 'listening');
    url = `https://${server.host}:${proxy.address().port}/demo`;
  });
  after(() => proxy.close());

  test('two people meet, over nothing but TLS', async () => {
    const wishes = { path: url, ignoreHTTPSErrors: true };
    const ada = await arrive('Ada', wishes);
    const ben = await arrive('Ben', wishes);
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesMoving(ben);
    await ben.seesMoving(ada);
    await ada.upgraded();
    const schemes = new Set(ada.requests.map((address) => new URL(address).protocol));
    assert.deepEqual([...schemes].sort(), ['https:', 'wss:']);
    assert.equal(await ada.see('open-link').getAttribute('href'), `${url}?room=${room}`);
  });
});
