// How one comes in, or does not: link, card, lock, password, and being sent out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rememberTones } from './hooks.mjs';
import { useDemo } from './meeting.mjs';

describe('the door of a room', () => {
  const { server, arrive, meeting } = useDemo({ devices: false });

  test('the link leads to it, with the room filled in', async () => {
    const ada = await arrive('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
    const room = await ada.open('tea & cake for #2');
    await ada.see('copy-link').click();
    await ada.read('news', 'copied');
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(await ada.see('room-link').getAttribute('href'), link);
    assert.equal(await ada.see('open-link').getAttribute('href'), link);
    assert.equal(link, `${server.url}/demo?room=tea+%26+cake+for+%232`);

    const ben = await arrive('Ben', { path: link });
    assert.equal(await ben.see('room').inputValue(), room);
    await ben.see('room').press('Enter');
    await ada.accept(ben);
    await ben.seesExactly(ada);
    await ada.see('invite').waitFor({ state: 'hidden' });
    const cleo = await arrive('Cleo', { path: `/demo#room=${encodeURIComponent(room)}` });
    assert.equal(await cleo.see('room').inputValue(), room);
  });

  test('an unnamed room gets a name that can be said', async () => {
    const ada = await arrive('Ada');
    assert.match(await ada.open(), /^[a-z]+-[a-z]+-\d{3}$/);
  });

  test('a second window is a click away, and needs only a click to ask', async () => {
    const ada = await arrive('Ada');
    await ada.open();
    const [second] = await Promise.all([
      ada.page.waitForEvent('popup'),
      ada.see('open-link').click(),
    ]);
    await second.getByTestId('join').click();
    await second.getByTestId('waiting').filter({ hasText: 'in your other window' }).waitFor();
    await ada.see('accept').click();
    await second.getByTestId('call').waitFor();
    await ada.page.locator('[data-testid=tile][data-connection=connected]').waitFor();
  });

  test('an error before the call is shown in words', async () => {
    const [ada, ben] = await Promise.all([arrive('Ada'), arrive('Ben')]);
    const room = await ada.open();
    await ben.ask('');
    await ben.read('message', 'Type the name of the room');
    await ben.ask(`no ${room}`);
    await ben.read('message', 'no such room');
    await ben.create(room);
    await ben.read('message', 'open already');
  });

  test('the card of a person who no longer waits goes away', async () => {
    const [ada, ben] = await Promise.all([arrive('Ada'), arrive('Ben')]);
    const room = await ada.open();
    await ben.ask(room);
    await ada.seesAsking(ben);
    await ben.see('cancel').click();
    await ben.see('entry').waitFor();
    await ada.seesNobodyAsking();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
  });

  test('the owner hears a knock, unless it is not to be heard', async () => {
    const [ada, ben, cleo] = await Promise.all(
      ['Ada', 'Ben', 'Cleo'].map((name) => arrive(name, { scripts: [rememberTones] })),
    );
    const room = await ada.open();
    await ben.ask(room);
    await ada.seesAsking(ben);
    await ada.until(() => window.tones.length === 2);
    await ada.accept(ben);

    await ada.see('open-people').click();
    await ada.see('knock-sound').uncheck();
    await cleo.ask(room);
    await ada.seesAsking(cleo);
    assert.equal(await ada.page.evaluate(() => window.tones.length), 2);
    await ada.accept(cleo);
    await cleo.seesExactly(ada, ben);
    assert.equal(await ben.page.evaluate(() => window.tones.length), 0, 'owners only');

    await ada.page.reload();
    await ada.see('call').waitFor();
    await ada.see('open-people').click();
    assert.equal(await ada.see('knock-sound').isChecked(), false, 'it is remembered');
    await ada.see('knock-sound').check();
    await ada.until(() => window.tones.length === 2);
  });

  test('the owner answers several candidates by keyboard alone', async () => {
    const [ada, ben, cleo] = await Promise.all(['Ada', 'Ben', 'Cleo'].map((name) => arrive(name)));
    const room = await ada.open();
    for (const person of [ben, cleo]) {
      await person.ask(room);
      await ada.seesAsking(person);
    }
    await ada.see('accept').first().focus();
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Enter'); // The focus has gone on to the next one's card.
    await ada.seesExactly(ben, cleo);
  });

  test('a locked room takes no one, until it is unlocked', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ada.see('open-people').click();
    await ada.see('lock').check();
    await ben.see('lock-chip').waitFor();
    await ben.see('open-people').click();
    await ben.read('door-note', 'The room is locked');
    assert.equal(await ben.see('lock').isVisible(), false);

    const cleo = await arrive('Cleo');
    await cleo.ask(room);
    await cleo.read('message', 'locked');
    await ada.see('lock').uncheck();
    await ben.see('lock-chip').waitFor({ state: 'hidden' });
    await cleo.ask(room);
    await ada.accept(cleo);
    await cleo.seesExactly(ada, ben);
  });

  test('a password lets in everybody who knows it', async () => {
    const [ada, ben] = await Promise.all([arrive('Ada'), arrive('Ben')]);
    const room = await ada.open();
    await ada.see('open-people').click();
    await ada.see('admission-password').check();
    await ada.see('room-password').fill('sunrise at six');
    await ada.see('set-password').click();
    await ada.read('news', 'knows the password');

    await ben.ask(room);
    await ben.read('message', 'has a password');
    await ben.see('password').fill('sunset');
    await ben.see('join').click();
    await ben.read('message', 'not the password');
    await ben.see('password').fill('sunrise at six');
    await ben.see('password').press('Enter');
    await ben.seesExactly(ada);
    await ada.seesExactly(ben);
  });

  test('an open room lets in everybody who has the link', async () => {
    const [ada, ben] = await Promise.all([arrive('Ada'), arrive('Ben')]);
    const room = await ada.open();
    await ada.see('open-people').click();
    await ada.see('admission-open').check();
    await ada.read('news', 'who has the link');
    await ben.ask(room);
    await ben.seesExactly(ada);
  });

  test('the owner removes somebody, who may ask again', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everyone;
    await ben.see('open-people').click();
    assert.equal(await ben.page.locator('[data-testid=kick]:visible').count(), 0, 'owner only');

    await ada.see('open-people').click();
    const row = ada.see('person').filter({ hasText: 'Ben' });
    await row.getByTestId('kick').click();
    await ada.see('kick-cancel').click();
    await ada.seesExactly(ben, cleo);
    await row.getByTestId('kick').click();
    await ada.see('kick-confirm').click();
    await ben.read('message', 'removed you');
    await ada.seesExactly(cleo);
    await cleo.seesExactly(ada);
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben, cleo);
  });
});
