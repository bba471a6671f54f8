// The demo on a bad network: what the person before it is told, and how the call goes on.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { secret, serve } from '../support/server.mjs';
import { jwt } from '../support/tokens.mjs';
import { wireTo } from '../support/wire.mjs';
import { launchBrowser } from './browser.mjs';
import { Person } from './person.mjs';

describe('the demo on a bad network', () => {
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** Ada, who comes by the wire, and Ben in her room; they see each other. */
  async function meet(wire, server) {
    const ada = await Person.arrive(browser, wire, 'Ada');
    const ben = await Person.arrive(browser, server, 'Ben');
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    return { ada, ben, room };
  }

  test('a person who loses the connection still sees the others, and keeps the place', async (t) => {
    const server = await serve(t, { dev: true });
    const wire = await wireTo(t, server);
    const { ada, ben, room } = await meet(wire, server);
    await ada.upgraded();

    wire.cut();
    await ada.read('banner', 'Reconnecting');
    await ada.seesMoving(ben);
    await ben.seesMoving(ada);
    wire.mend();
    await ada.see('banner').waitFor({ state: 'hidden' });
    await ada.seesOwner(ada);
    await ben.seesOwner(ada);
    const cleo = await Person.arrive(browser, server, 'Cleo');
    await cleo.joinAtDoorOf(ada, room);
    await cleo.seesExactly(ada, ben);

    await ada.depart({ expectErrors: true });
    await ben.depart();
    await cleo.depart();
  });

  test('a person who stays away too long has to knock again', async (t) => {
    const server = await serve(t, { dev: true, env: { RECOVERY_WINDOW: 0 } });
    const wire = await wireTo(t, server);
    const { ada, ben } = await meet(wire, server);

    wire.cut();
    await ada.read('banner', 'Reconnecting');
    await ben.seesExactly();
    await ben.seesOwner(ben);
    wire.mend();
    await ada.read('banner', 'Waiting to be let in again');
    await ben.accept(ada);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await ada.see('banner').waitFor({ state: 'hidden' });
    await ada.seesMoving(ben);

    await ada.depart({ expectErrors: true });
    await ben.depart();
  });

  test('an owner who stays away for long comes back as an owner, without knocking', async (t) => {
    const server = await serve(t, { dev: true, env: { RECOVERY_WINDOW: 50 } });
    const wire = await wireTo(t, server);
    const { ada, ben, room } = await meet(wire, server);

    wire.cut();
    await ada.read('banner', 'Reconnecting');
    await ben.seesExactly();
    await ben.seesOwner(ben);
    wire.mend();
    await ada.see('banner').waitFor({ state: 'hidden' });
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    assert.equal(await ben.see('candidate').count(), 0);
    await ada.seesMoving(ben);
    const cleo = await Person.arrive(browser, server, 'Cleo');
    await cleo.joinAtDoorOf(ada, room);

    await ada.depart({ expectErrors: true });
    await ben.depart();
    await cleo.depart();
  });

  test('an owner who stays away longer than a ticket lasts has to knock', async (t) => {
    const env = { RECOVERY_WINDOW: 50, TICKET_LIFETIME: 1 };
    const server = await serve(t, { dev: true, env });
    const wire = await wireTo(t, server);
    const { ada, ben } = await meet(wire, server);

    wire.cut();
    await ada.read('banner', 'Reconnecting');
    await ben.seesExactly();
    wire.mend();
    await ada.read('banner', 'Waiting to be let in again');
    await ben.accept(ada);
    await ada.seesExactly(ben);
    await ben.seesOwner(ben);

    await ada.depart({ expectErrors: true });
    await ben.depart();
  });

  test('a call outlives a crash of the server, and its room opens again', async (t) => {
    const first = await serve(t, { dev: true });
    const wire = await wireTo(t, first);
    const { ada, ben, room } = await meet(wire, wire);
    first.program.signal('SIGKILL');
    await first.program.exited;
    for (const person of [ada, ben]) await person.read('banner', 'Reconnecting');
    await ada.seesMoving(ben);

    const second = await serve(t, { dev: true });
    wire.server = second;
    // The one that is back first owns the room, and lets in the other one, which it still sees.
    for (const person of [ada, ben]) await person.see('banner').waitFor({ state: 'hidden' });
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await ada.seesMoving(ben);
    await ben.seesMoving(ada);
    const cleo = await Person.arrive(browser, second, 'Cleo');
    await cleo.ask(room);
    const owner = await Promise.any(
      [ada, ben].map((person) => person.seesAsking(cleo).then(() => person)),
    );
    await owner.accept(cleo);
    await cleo.seesExactly(ada, ben);
    await cleo.depart();

    for (const person of [ada, ben]) await person.depart({ expectErrors: true });
  });

  test('a person who was alone has the room again after a restart of the server', async (t) => {
    const first = await serve(t, { dev: true });
    const wire = await wireTo(t, first);
    const ada = await Person.arrive(browser, wire, 'Ada');
    const room = await ada.open();
    await first.stop();
    await ada.read('banner', 'Reconnecting');

    const second = await serve(t, { dev: true });
    wire.server = second;
    await ada.see('banner').waitFor({ state: 'hidden' });
    const ben = await Person.arrive(browser, second, 'Ben');
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);

    await ada.depart({ expectErrors: true });
    await ben.depart();
  });

  test('a server that cannot be reached is waited for', async (t) => {
    const server = await serve(t, { dev: true });
    const wire = await wireTo(t, server);
    const ada = await Person.arrive(browser, wire, 'Ada');
    wire.cut();
    await ada.create();
    await ada.read('waiting-text', 'cannot be reached');
    wire.mend();
    await ada.see('call').waitFor();
    await ada.depart({ expectErrors: true });
  });

  test('a call outlives its session tokens', async (t) => {
    const server = await serve(t, { dev: true, env: { TOKEN_LIFETIME: 3 } });
    const ada = await Person.arrive(browser, server, 'Ada');
    const ben = await Person.arrive(browser, server, 'Ben');
    const room = await ada.open();
    await ben.ask(room);
    await ada.seesAsking(ben);
    const asked = Date.now();
    await eventually(() => Date.now() > asked + 4000, 'the tokens have expired');
    await ada.accept(ben);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await ada.depart();
    await ben.depart();
  });

  test('a call outlives its app tokens, on the same connection', async (t) => {
    const server = await serve(t, { dev: true, env: { APP_SECRET: secret } });
    const ada = await Person.arrive(browser, server, 'Ada');
    const lifetime = 12;
    const ends = [];
    await ada.page.route('**/demo/config.json', (route) => {
      const exp = Math.floor(Date.now() / 1000) + lifetime;
      ends.push(exp);
      return route.fulfill({
        json: { token: jwt({ app: 'demo', kind: 'demo', exp }, { secret }) },
      });
    });
    const sockets = [];
    ada.page.on('websocket', (socket) => sockets.push(socket.url()));
    const ben = await Person.arrive(browser, server, 'Ben');
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
    await ada.upgraded();
    await eventually(() => Date.now() / 1000 > ends[0] + 3, 'the first token has expired');
    const cleo = await Person.arrive(browser, server, 'Cleo');
    await cleo.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben, cleo);
    await ada.seesMoving(ben);
    assert.ok(ends.length > 1, 'another one was asked for');
    assert.equal(sockets.length, 1);
    for (const person of [ada, ben, cleo]) await person.depart();
  });
});
