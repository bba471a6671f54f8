// The demo behind a proxy that ends TLS, as in production: relative addresses, WebSocket over TLS.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createServer } from 'node:tls';
import { useDemo } from './meeting.mjs';

function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const result = ['-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...request, ...result], { stdio: 'pipe' });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
}

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
