// A call through nginx as deploy/nginx configures it: HTTP/2 for pages, WebSocket over TLS for the
// rest.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useNginx } from '../support/nginx.mjs';
import { useDemo } from './meeting.mjs';

describe('the demo behind nginx', () => {
  // It comes from its own server's origin, which is always let in.
  const { server, arrive } = useDemo({ env: { ALLOWED_ORIGINS: 'https://other.example' } });
  const nginx = useNginx([server]);

  test('two people see each other', async () => {
    const wishes = { path: `${nginx.url}/demo`, ignoreHTTPSErrors: true };
    const [ada, ben] = await Promise.all([arrive('Ada', wishes), arrive('Ben', wishes)]);
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await ada.seesMoving(ben);
    await ben.seesMoving(ada);
    await Promise.all([ada.upgraded(), ben.upgraded()]);
    for (const { page, requests } of [ada, ben]) {
      const hosts = new Set(requests.map((address) => new URL(address).host));
      assert.deepEqual([...hosts], [new URL(nginx.url).host]);
      assert.equal(
        await page.evaluate(() => performance.getEntriesByType('navigation')[0].nextHopProtocol),
        'h2',
      );
    }
  });
});
