import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { eventually } from '../support/patience.mjs';
import { startServer, useServer } from '../support/server.mjs';
import { launchBrowser } from './browser.mjs';
import { holdDescriptions } from './hooks.mjs';
import { milliseconds, Person } from './person.mjs';
import { Wire } from './wire.mjs';

describe('the demo', () => {
  const server = useServer({ dev: true });
  let browser;
  let people = [];

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    const present = people;
    people = [];
    for (const person of present) await person.depart();
  });
  after(() => browser.close());

  async function arrive(name, options) {
    const person = await Person.arrive(browser, server, name, options);
    people.push(person);
    return person;
  }

  /** People in one room, the first being its owner; all see each other. */
  async function meeting(...names) {
    const [owner, ...others] = await Promise.all(names.map((name) => arrive(name)));
    const room = await owner.open();
    for (const other of others) await other.joinAtDoorOf(owner, room);
    const everyone = [owner, ...others];
    for (const person of everyone) {
      await person.seesExactly(...everyone.filter((other) => other !== person));
    }
    return { room, everyone };
  }

  test('two people see each other, and the owner refuses a third', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ada.seesMoving(ben);
    await ben.seesMoving(ada);

    const eve = await arrive('Eve');
    await eve.ask(room);
    await eve.read('waiting-text', `Waiting for the owner of “${room}”`);
    await ada.reject(eve);
    await eve.read('message', 'did not let you in');
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
  });

  test('in a call of three, each receives moving video from both others', async () => {
    const { everyone } = await meeting('Ada', 'Ben', 'Cleo');
    for (const person of everyone) {
      for (const other of everyone) {
        if (other !== person) await person.seesMoving(other);
      }
    }
  });

  test('who leaves vanishes from the others, and the ownership passes on', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everyone;
    for (const person of everyone) await person.seesOwner(ada);

    await ada.leave();
    await ben.seesExactly(cleo);
    await cleo.seesExactly(ben);
    await ben.seesOwner(ben);
    await cleo.seesOwner(ben);

    await ada.joinAtDoorOf(ben, room);
    await ada.seesOwner(ben);
    await ada.seesExactly(ben, cleo);

    people = people.filter((person) => person !== cleo);
    await cleo.depart();
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
  });

  test('a candidate whose owner leaves is shown to the next owner', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    const cleo = await arrive('Cleo');
    await cleo.ask(room);
    await ada.seesAsking(cleo);
    await ada.leave();
    await ben.accept(cleo);
    await cleo.seesExactly(ben);
  });

  test('candidates that come before the description is applied are not lost', async () => {
    const options = { scripts: [holdDescriptions] };
    const [ada, ben] = await Promise.all([arrive('Ada', options), arrive('Ben', options)]);
    const room = await ada.open();
    await ben.ask(room);
    await Promise.all([ada.upgraded(), ben.upgraded()]);
    await ada.accept(ben);
    // All of one side's candidates reach the other while its description still waits there.
    for (const [from, to] of [
      [ben, ada],
      [ada, ben],
    ]) {
      const isGathered = () => window.connections[0]?.iceGatheringState === 'complete';
      await from.until(isGathered);
      const gathered = await from.page.evaluate(() => window.connections[0].gathered);
      const haveArrived = () => gathered > 0 && to.candidatesReceived === gathered;
      await eventually(haveArrived, `${gathered} candidates from ${from.name}`, milliseconds);
      await to.page.evaluate(() => window.releaseDescriptions());
    }
    await ada.seesExactly(ben);
    await ada.seesMoving(ben);
    await ben.seesMoving(ada);
  });

  test('one joins without camera and microphone', async () => {
    const bareBrowser = await launchBrowser({ devices: false });
    try {
      const ada = await arrive('Ada');
      const ben = await Person.arrive(bareBrowser, server, 'Ben');
      await ben.see('camera-problem').first().waitFor();
      const room = await ada.open();
      await ben.joinAtDoorOf(ada, room);
      await ada.seesExactly(ben);
      await ben.seesMoving(ada);
      await ada.seesNoVideoOf(ben);
      await ada.tileOf(ben).getByTestId('tile-muted').waitFor();
      await ben.depart();
    } finally {
      await bareBrowser.close();
    }
  });

  test('others see when a camera stops and starts, and when a microphone is muted', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ben.see('toggle-camera').click();
    await ada.seesNoVideoOf(ben);
    await ben.see('toggle-microphone').click();
    await ada.tileOf(ben).getByTestId('tile-muted').waitFor();
    await ben.see('toggle-camera').click();
    await ada.seesMoving(ben);
    await ben.see('toggle-microphone').click();
    await ada.tileOf(ben).getByTestId('tile-muted').waitFor({ state: 'hidden' });
  });

  test('devices can be chosen before and during a call', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ben.see('open-devices').click();
    const camera = ben.see('devices-dialog').getByTestId('camera-select');
    await camera.selectOption({ label: 'No camera' });
    await ada.seesNoVideoOf(ben);
    await camera.selectOption({ index: 0 });
    await ada.seesMoving(ben);
    await ben.see('close-devices').click();

    await ben.leave();
    await ben.see('microphone-select').first().selectOption({ label: 'No microphone' });
    await ben.joinAtDoorOf(ada, await ada.see('room-name').textContent());
    await ada.tileOf(ben).getByTestId('tile-muted').waitFor();
  });

  test("the room's link leads to its door", async () => {
    const ada = await arrive('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
    const room = await ada.open('tea & cake for #2');
    await ada.see('copy-link').click();
    await ada.read('news', 'copied');
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(await ada.see('room-link').getAttribute('href'), link);

    const ben = await arrive('Ben', { path: link });
    assert.equal(await ben.see('room').inputValue(), room);
    await ben.see('room').press('Enter');
    await ada.accept(ben);
    await ben.seesExactly(ada);
    const cleo = await arrive('Cleo', { path: `/demo#room=${encodeURIComponent(room)}` });
    assert.equal(await cleo.see('room').inputValue(), room);
  });

  test('what goes wrong at the door is said', async () => {
    const [ada, ben] = await Promise.all([arrive('Ada'), arrive('Ben')]);
    const room = await ada.open();
    await ben.ask('');
    await ben.read('message', 'Type the name of the room');
    await ben.ask(`no ${room}`);
    await ben.read('message', 'no such room');
    await ben.create(room);
    await ben.read('message', 'name is taken');
    await ben.ask(room);
    await ada.seesAsking(ben);
    await ben.see('cancel').click();
    await ben.see('entry').waitFor();
    await ada.accept(ben);
    await ada.read('news', 'Ben no longer waits');
    await ada.seesExactly();
  });

  test('the owner answers several candidates by keyboard alone', async () => {
    const [ada, ben, cleo] = await Promise.all(['Ada', 'Ben', 'Cleo'].map((name) => arrive(name)));
    await ada.see('name').press('Enter');
    await ada.see('call').waitFor();
    const room = await ada.see('room-name').textContent();
    for (const person of [ben, cleo]) {
      await person.ask(room);
      await ada.seesAsking(person);
    }
    await ada.see('accept').first().focus();
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Enter'); // The focus has gone on to the next one's card.
    await ada.seesExactly(ben, cleo);
  });

  test('a page of a server without the demo says so', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const body = JSON.stringify({ status: 404, error: 'Not Found', response: false });
    await page.route('**/demo/config.json', (route) => route.fulfill({ status: 404, body }));
    await page.goto(`${server.url}/demo`);
    await page.getByTestId('message').filter({ hasText: 'switched off' }).waitFor();
    await page.getByTestId('create').waitFor({ state: 'hidden' });
    await context.close();
  });

  test('the page talks to its own server only, under a strict policy', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    for (const { requests } of everyone) {
      assert.ok(requests.length > 10, 'requests are seen');
      const hosts = new Set(requests.map((address) => new URL(address).host));
      assert.deepEqual([...hosts], [new URL(server.url).host]);
    }
    const { headers } = await server.request({ path: '/demo' });
    const policy = headers['content-security-policy'] ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  test('all of it fits a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const ada = await arrive('Ada', phone);
    const isTooWide = () => document.documentElement.scrollWidth > window.innerWidth;
    assert.equal(await ada.page.evaluate(isTooWide), false, 'lobby');
    const room = await ada.open();
    const ben = await arrive('Ben', phone);
    await ben.ask(room);
    await ada.seesAsking(ben);
    assert.equal(await ada.page.evaluate(isTooWide), false, 'call');
    await ada.accept(ben);
    await ada.seesExactly(ben);
    const bottom = (element) => element.getBoundingClientRect().bottom;
    assert.ok((await ada.see('leave').evaluate(bottom)) <= 844, 'the controls are on the screen');
  });
});

describe('the demo on a bad network', () => {
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test('who loses the connection comes back through the door', async () => {
    const server = await startServer({ dev: true });
    const wire = await Wire.to(server);
    const ada = await Person.arrive(browser, wire, 'Ada');
    const ben = await Person.arrive(browser, server, 'Ben');
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ben.seesExactly(ada);

    wire.cut();
    await ada.read('banner', 'Reconnecting');
    await ben.seesExactly();
    await ben.seesOwner(ben);
    wire.mend();
    await ben.accept(ada);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await ada.see('banner').waitFor({ state: 'hidden' });
    await ada.seesMoving(ben);

    await ada.depart({ expectErrors: true });
    await ben.depart();
    wire.close();
    await server.stop();
  });

  test('who was alone has the room again after a restart of the server', async () => {
    const first = await startServer({ dev: true });
    const wire = await Wire.to(first);
    const ada = await Person.arrive(browser, wire, 'Ada');
    const room = await ada.open();
    await first.stop();
    await ada.read('banner', 'Reconnecting');

    const second = await startServer({ dev: true });
    wire.server = second;
    await ada.see('banner').waitFor({ state: 'hidden' });
    const ben = await Person.arrive(browser, second, 'Ben');
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);

    await ada.depart({ expectErrors: true });
    await ben.depart();
    wire.close();
    await second.stop();
  });

  test('a call outlives its session tokens', async () => {
    const server = await startServer({ dev: true, env: { TOKEN_LIFETIME: 1 } });
    const ada = await Person.arrive(browser, server, 'Ada');
    const ben = await Person.arrive(browser, server, 'Ben');
    const room = await ada.open();
    await ben.ask(room);
    await ada.seesAsking(ben);
    const asked = Date.now();
    await eventually(() => Date.now() > asked + 2000, 'the tokens have expired');
    await ada.accept(ben);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await ada.depart();
    await ben.depart();
    await server.stop();
  });
});
