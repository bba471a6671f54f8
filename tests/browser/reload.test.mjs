// A page that is reloaded, duplicated or closed in the middle of a call.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';

/** Runs in the page before its own scripts. */
const withoutWebSockets = () => delete window.WebSocket;

describe('a page that is reloaded', () => {
  const { arrive, meeting } = useDemo({ devices: false });

  test('of a guest is in the call again, and knocks at no door', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ben.see('open-chat').click();
    await ben.see('chat-text').fill('Back in a second');
    await ben.see('chat-send').click();
    await ada.see('unread').filter({ hasText: '1' }).waitFor();
    await ben.page.reload();
    await ben.see('call').waitFor();
    assert.equal(await ben.see('room-name').textContent(), room);
    for (const [one, other] of [
      [ada, ben],
      [ben, ada],
    ])
      await one.seesExactly(other);
    assert.equal(await ada.see('candidate').count(), 0);
    await ben.see('open-chat').click();
    await ben.read('chat-message', 'Back in a second');
  });

  test('finishes loading, though there is no camera and no microphone', async () => {
    const ada = await arrive('Ada');
    await ada.open();
    await ada.page.reload({ waitUntil: 'load' });
    await ada.see('call').waitFor();
  });

  test('of the owner lets it own the room again', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ada.page.reload();
    await ada.see('call').waitFor();
    for (const [one, other] of [
      [ada, ben],
      [ben, ada],
    ])
      await one.seesExactly(other);
    const cleo = await arrive('Cleo');
    await cleo.joinAtDoorOf(ada, room);
  });

  test('of somebody alone keeps the room', async () => {
    const ada = await arrive('Ada');
    const room = await ada.open();
    await ada.page.reload();
    await ada.see('call').waitFor();
    assert.equal(await ada.see('room-name').textContent(), room);
    const ben = await arrive('Ben');
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
  });

  test('of a person who has left the call shows the lobby', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const ben = everyone[1];
    await ben.see('leave').click();
    await ben.page.reload();
    await ben.see('name').waitFor();
    assert.equal(await ben.see('call').isVisible(), false);
  });

  test('is another peer if it was duplicated, and knocks', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ben.page.evaluate(() => void window.open(window.location.href));
    await ada.seesAsking(ben);
    await ada.accept(ben);
    await ada.see('tile').nth(2).waitFor();
  });
});

describe('a page that polls', () => {
  // A peer that goes without a goodbye stays for an hour.
  const { arrive } = useDemo({ env: { RECOVERY_WINDOW: 3_600_000 } });

  test('says goodbye when it is closed, and leaves no ghost when it is reloaded', async () => {
    const ada = await arrive('Ada');
    const room = await ada.open();
    const ben = await arrive('Ben', { scripts: [withoutWebSockets] });
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
    await ben.page.reload();
    await ben.see('call').waitFor();
    await ada.seesExactly(ben);
    await ben.page.goto('about:blank');
    await ada.seesExactly();
  });
});
