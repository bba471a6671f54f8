// The demo below BASE_PATH, which it learns from its own address.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';

describe('the demo below a base path', () => {
  // It comes from its own server's origin, which is always let in.
  const env = { BASE_PATH: '/rtc', ALLOWED_ORIGINS: 'https://other.example' };
  const { arrive } = useDemo({ env });

  test('two people see each other', async () => {
    const [ada, ben] = [
      await arrive('Ada', { path: '/rtc/demo' }),
      await arrive('Ben', { path: '/rtc/demo' }),
    ];
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await Promise.all([ada.upgraded(), ben.upgraded()]);
    for (const { requests } of [ada, ben]) {
      const paths = requests.map((address) => new URL(address).pathname);
      assert.deepEqual(
        paths.filter((path) => !path.startsWith('/rtc/')),
        [],
      );
    }
  });
});
