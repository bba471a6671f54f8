// In a call people talk, mute, write, share a screen and change their devices.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';

describe('in a call', () => {
  const { arrive, meeting } = useDemo();

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

  test('the owner asks somebody to mute, who decides', async () => {
    const { everyone } = await meeting('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everyone;
    const askBen = () => ada.tileOf(ben).getByTestId('ask-to-mute').click();
    await ada.tileOf(ben).hover();
    await askBen();
    await ada.read('news', 'Ben is asked to mute.');
    await ben.read('mute-notice', 'Ada asks you to mute your microphone');
    await ben.see('stay').click();
    await ben.see('mute-notice').waitFor({ state: 'detached' });
    await ada.tileOf(ben).getByTestId('tile-muted').waitFor({ state: 'hidden' });

    await askBen();
    await ben.see('mute').click();
    await ben.see('mute-notice').waitFor({ state: 'detached' });
    await ada.tileOf(ben).getByTestId('tile-muted').waitFor();
    await ada.tileOf(ben).getByTestId('ask-to-mute').waitFor({ state: 'hidden' });
    assert.equal(await cleo.see('mute-notice').count(), 0);
    assert.equal(
      await ben.page.locator('[data-testid=ask-to-mute]:visible').count(),
      0,
      'owner only',
    );
  });

  test('a request to mute is shown once, and goes away when the device is off', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ada.tileOf(ben).getByTestId('ask-to-mute').click();
    await ben.see('mute-notice').waitFor();
    await ada.tileOf(ben).getByTestId('ask-to-mute').click();
    await ada.read('news', 'Ben is asked to mute.');
    await ben.see('toggle-microphone').click();
    await ben.see('mute-notice').waitFor({ state: 'detached' });
  });

  test('latecomers see who is muted, and who has no camera', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ben.see('toggle-microphone').click();
    await ben.see('toggle-camera').click();
    const cleo = await arrive('Cleo');
    await cleo.joinAtDoorOf(ada, room);
    await cleo.tileOf(ben).getByTestId('tile-muted').waitFor();
    await cleo.seesNoVideoOf(ben);
  });

  test('a raised hand is seen by all, latecomers too, until it is lowered', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    const handOf = (viewer) => viewer.tileOf(ben).getByTestId('tile-hand');
    await ben.press('hand');
    await ada.read('news', 'Ben has raised a hand.');
    await handOf(ada).waitFor();
    await handOf(ben).waitFor();
    await ben.see('toggle-microphone').click(); // Another status; the hand stays up.
    await ada.tileOf(ben).getByTestId('tile-muted').waitFor();
    assert.ok(await handOf(ada).isVisible());
    const cleo = await arrive('Cleo');
    await cleo.joinAtDoorOf(ada, room);
    await handOf(cleo).waitFor();
    await cleo.see('open-people').click();
    await cleo.see('person').filter({ hasText: 'Ben' }).getByTestId('person-hand').waitFor();
    await ben.press('hand');
    for (const viewer of [ada, ben, cleo]) await handOf(viewer).waitFor({ state: 'hidden' });
  });

  test('a reaction is seen by all for a moment, and nothing else is taken for one', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    const reactionOf = (viewer) => viewer.tileOf(ben).getByTestId('tile-reaction');
    await ben.see('open-reactions').click();
    await ben.see('reactions').getByRole('button', { name: 'Applause' }).click();
    for (const viewer of [ada, ben]) {
      await reactionOf(viewer).filter({ hasText: '👏' }).waitFor();
    }
    await ada.page.locator('#reaction-news').filter({ hasText: 'Ben: 👏' }).waitFor();
    for (const viewer of [ada, ben]) await reactionOf(viewer).waitFor({ state: 'detached' });
    await ben.page.evaluate(() => {
      const [button] = document.querySelectorAll('#reactions [data-reaction]');
      button.dataset.reaction = 'Ada is a fool';
    });
    await ben.leave();
    await ben.joinAtDoorOf(ada, await ada.see('room-name').textContent());
    await ada.seesExactly(ben);
    await ben.see('open-reactions').click();
    await ben.see('reactions').locator('button').first().click();
    await ben.see('reactions').getByRole('button', { name: 'Heart' }).click();
    await reactionOf(ada).filter({ hasText: '❤️' }).waitFor();
    assert.equal(await reactionOf(ada).count(), 1);
  });

  test('a person who speaks is marked, but not while muted', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    const tile = await ada.tileOf(ben).elementHandle(); // The microphone beeps every second.
    await ada.until((element) => element.classList.contains('speaking'), tile);
    await ben.see('toggle-microphone').click();
    await ada.until((element) => !element.classList.contains('speaking'), tile);
  });

  test('a chat message reaches everyone, and unread ones are counted', async () => {
    const { everyone } = await meeting('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everyone;
    await ada.see('open-chat').click();
    await ada.see('chat-text').fill('Good <b>morning</b>');
    await ada.see('chat-text').press('Enter');
    for (const reader of [ben, cleo]) {
      await reader.see('unread').filter({ hasText: '1' }).waitFor();
      await reader.read('news', 'Ada: Good <b>morning</b>');
      await reader.see('open-chat').click();
      await reader.read('chat-message', 'Good <b>morning</b>');
      await reader.see('unread').waitFor({ state: 'hidden' });
    }
    await ben.see('chat-text').fill('Hello Ada');
    await ben.see('chat-send').click();
    await ada.read('chat-message', /^\s*Ben.*Hello Ada\s*$/s);
    assert.equal(await ada.see('chat-message').count(), 2);
    assert.equal(await ben.see('chat-text').inputValue(), '');
  });

  test('a screen is shown large, to latecomers too, until it is stopped', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ben.see('share').click();
    await ada.see('screen-tile').filter({ hasText: 'Ben’s screen' }).waitFor();
    await ada.seesMovingIn(ada.see('screen-tile'));
    await ada.seesMoving(ben);
    const area = (tile) => tile.evaluate((element) => element.offsetWidth * element.offsetHeight);
    const larger = (await area(ada.see('screen-tile'))) > 4 * (await area(ada.tileOf(ben)));
    assert.ok(larger, 'the screen is the largest');

    const cleo = await arrive('Cleo');
    await cleo.joinAtDoorOf(ada, room);
    await cleo.seesMovingIn(cleo.see('screen-tile'));

    await ben.see('share').click();
    for (const viewer of [ada, ben, cleo]) {
      await viewer.see('screen-tile').waitFor({ state: 'detached' });
    }
    await ada.seesMoving(ben);
    await ben.see('share').click();
    await ada.seesMovingIn(ada.see('screen-tile'));
    await ben.leave();
    await ada.see('screen-tile').waitFor({ state: 'detached' });
  });

  test('the page fills the screen, and leaves it again', async () => {
    const ada = await arrive('Ada');
    await ada.open();
    const isFull = () => document.fullscreenElement === document.documentElement;
    const toggle = async () => {
      await ada.press('full-screen');
      await ada.see('more').waitFor({ state: 'hidden' });
    };
    await toggle();
    await ada.until(isFull);
    await ada.until(() => document.getElementById('full-screen').textContent.includes('Leave'));
    await toggle();
    await ada.until(() => document.fullscreenElement === null);
  });

  test('devices can be chosen before and during a call', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ben.press('open-devices');
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

  test('the choice of a speaker also applies to people who come later', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ada.press('open-devices');
    const speaker = ada.see('devices-dialog').getByTestId('speaker-select');
    const id = await speaker.locator('option').last().getAttribute('value');
    assert.ok(id, 'there is one');
    await speaker.selectOption(id);
    await ada.see('close-devices').click();
    const isHeardThere = async (person) => {
      const video = await ada.tileOf(person).locator('video').elementHandle();
      await ada.until(([element, expected]) => element.sinkId === expected, [video, id]);
    };
    await isHeardThere(ben);
    const cleo = await arrive('Cleo');
    await cleo.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben, cleo);
    await isHeardThere(cleo);
    await ada.page.reload();
    await ada.see('call').waitFor();
    await ada.seesExactly(ben, cleo);
    await isHeardThere(ben);
  });

  test('the preview shows how loud the microphone is', async () => {
    const ada = await arrive('Ada');
    await ada.until(() => Number(document.getElementById('level').ariaValueNow) > 30);
    await ada.see('lobby-toggle-microphone').click();
    await ada.until(() => Number(document.getElementById('level').ariaValueNow) === 0);
  });
});
