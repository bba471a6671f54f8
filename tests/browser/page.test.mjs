// The demo as a page: its policy, its manners on phones and with a keyboard, its colours.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe('the page of the demo', () => {
  const demo = useDemo();
  const { server, arrive, meeting } = demo;

  test('talks to its own server only, under a strict policy', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    for (const { requests } of everyone) {
      assert.ok(requests.length > 6, 'requests are seen');
      const hosts = new Set(requests.map((address) => new URL(address).host));
      assert.deepEqual([...hosts], [new URL(server.url).host]);
    }
    const { headers } = await server.request({ path: '/demo' });
    const policy = headers['content-security-policy'] ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/);
  });

  test('a policy that is broken does not go unnoticed', async () => {
    const ada = await arrive('Ada');
    await ada.page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }));
    });
    await ada.until(() => true);
    assert.match(ada.errors.splice(0).join('\n'), /The policy's style-src/);
  });

  test('all of it fits a phone', async () => {
    const fits = async (person, what) => {
      const isTooWide = () => document.documentElement.scrollWidth > window.innerWidth;
      assert.equal(await person.page.evaluate(isTooWide), false, what);
    };
    const ada = await arrive('Ada', phone);
    await fits(ada, 'lobby');
    const room = await ada.open();
    await fits(ada, 'alone');
    const ben = await arrive('Ben', phone);
    await ben.ask(room);
    await fits(ben, 'waiting');
    await ada.seesAsking(ben);
    await fits(ada, 'with a card');
    await ada.accept(ben);
    await ada.seesExactly(ben);
    for (const panel of ['open-chat', 'open-people']) {
      await ada.see(panel).click();
      await fits(ada, panel);
    }
    await ada.see('open-people').click();
    for (const control of ['toggle-microphone', 'open-chat', 'leave']) {
      const { x, y, width, height } = await ada.see(control).boundingBox();
      const what = `${control} at ${x}, ${y}: ${width} × ${height}`;
      assert.ok(width >= 44 && height >= 44, what);
      assert.ok(x >= 0 && x + width <= 390 && y + height <= 844, what);
    }
  });

  test('a tap on a picture of a phone shows its buttons', async () => {
    const ada = await arrive('Ada', phone);
    const ben = await arrive('Ben');
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
    const tile = ada.tileOf(ben);
    const opacity = () => tile.getByTestId('pin').evaluate((pin) => getComputedStyle(pin).opacity);
    assert.equal(await opacity(), '0');
    await tile.tap();
    assert.equal(await opacity(), '1');
    await tile.getByTestId('pin').tap();
    await tile.getByRole('button', { name: 'Unpin Ben' }).waitFor();
    await tile.tap();
    assert.equal(await opacity(), '1', 'what is pinned shows that it is');
  });

  test('news cover neither the name of the room nor a request', async () => {
    const ada = await arrive('Ada', phone);
    const room = await ada.open();
    const [ben, cleo] = await Promise.all([arrive('Ben'), arrive('Cleo')]);
    await ben.joinAtDoorOf(ada, room);
    await cleo.ask(room);
    await ada.seesAsking(cleo);
    await ada.read('news', 'Ben is in the room.');
    const boxOf = (testId) => ada.see(testId).boundingBox();
    const news = await boxOf('news');
    for (const testId of ['room-name', 'copy-link', 'candidate']) {
      const { y, height } = await boxOf(testId);
      assert.ok(y + height <= news.y, `${testId} ends above the news`);
    }
  });

  test('a keyboard is enough to open a room, join it, write and leave', async () => {
    const tabTo = async ({ page }, testId) => {
      const isThere = () => page.evaluate(() => document.activeElement.dataset.testid ?? '');
      for (let steps = 0; (await isThere()) !== testId; steps += 1) {
        assert.ok(steps < 40, `Tab leads to ${testId}`);
        await page.keyboard.press('Tab');
      }
    };
    const [ada, ben] = await Promise.all([arrive('Ada'), arrive('Ben')]);
    await tabTo(ada, 'room');
    await ada.page.keyboard.type('keys');
    await tabTo(ada, 'create');
    await ada.page.keyboard.press('Enter');
    await ada.see('call').waitFor();

    await tabTo(ben, 'room');
    await ben.page.keyboard.type('keys');
    await tabTo(ben, 'join');
    await ben.page.keyboard.press('Space');
    await ada.seesAsking(ben);
    await tabTo(ada, 'accept');
    await ada.page.keyboard.press('Space');
    await ben.seesExactly(ada);

    await tabTo(ben, 'open-chat');
    await ben.page.keyboard.press('Enter');
    await tabTo(ben, 'chat-text');
    await ben.page.keyboard.type('Hello');
    await ben.page.keyboard.press('Enter');
    await ada.read('news', 'Ben: Hello');
    await ben.page.keyboard.press('Escape'); // Closes the chat and leads back to its button.
    await ben.see('chat-panel').waitFor({ state: 'hidden' });
    await tabTo(ben, 'leave');
    await ben.page.keyboard.press('Enter');
    await ben.see('lobby').waitFor();
    await ada.seesExactly();
  });

  test('every control has a name and every field a label', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada] = everyone;
    await ada.see('open-people').click();
    const nameless = await ada.page.evaluate(() =>
      [...document.querySelectorAll('button, a, input, select, video')]
        .filter((each) => each.checkVisibility())
        .filter(
          (each) => !each.textContent.trim() && !each.ariaLabel && ![...(each.labels ?? [])].length,
        )
        .map((each) => each.outerHTML),
    );
    assert.deepEqual(nameless, []);
  });

  test('its colours follow the system, and a choice that is kept', async () => {
    const ada = await arrive('Ada', { colorScheme: 'dark' });
    const isDark = async () => {
      const colour = await ada.page.evaluate(() => getComputedStyle(document.body).color);
      const [red] = colour.match(/[\d.]+/g).map(Number);
      return red > 128; // Light text.
    };
    assert.equal(await isDark(), true);
    await ada.see('theme').click();
    assert.equal(await isDark(), false);
    await ada.page.reload();
    assert.equal(await isDark(), false);
    assert.equal(await ada.see('name').inputValue(), '');
  });

  test('of a server without the demo says so', async () => {
    const context = await demo.browser.newContext();
    const page = await context.newPage();
    const body = JSON.stringify({ status: 404, error: 'Not Found', response: false });
    await page.route('**/demo/config.json', (route) => route.fulfill({ status: 404, body }));
    await page.goto(`${server.url}/demo`);
    await page.getByTestId('message').filter({ hasText: 'switched off' }).waitFor();
    await page.getByTestId('create').waitFor({ state: 'hidden' });
    await context.close();
  });
});
