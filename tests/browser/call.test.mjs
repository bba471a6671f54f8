// People in the demo see each other: real WebRTC between browsers of their own.
import { describe, test } from 'node:test';
import { eventually } from '../support/patience.mjs';
import { launchBrowser } from './browser.mjs';
import { holdDescriptions } from './hooks.mjs';
import { useDemo } from './meeting.mjs';
import { milliseconds } from './person.mjs';

describe('a call in the demo', () => {
  const demo = useDemo();
  const { arrive, meeting } = demo;

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

  test('a person who leaves vanishes for the others, and the ownership passes on', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everyone;
    for (const person of everyone) await person.seesOwner(ada);

    await ada.leave();
    await ben.seesExactly(cleo);
    await cleo.seesExactly(ben);
    await ben.seesOwner(ben);
    await ben.read('news', 'The room is yours now');
    await cleo.seesOwner(ben);

    await ada.joinAtDoorOf(ben, room);
    await ada.seesOwner(ben);
    await ada.seesExactly(ben, cleo);

    await demo.shut(cleo);
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

  test('a person without camera and microphone joins', async () => {
    const bareBrowser = await launchBrowser({ devices: false });
    try {
      const ada = await arrive('Ada');
      const ben = await arrive('Ben', { browser: bareBrowser });
      await ben.read('preview', 'No camera was found');
      await ben.see('camera-problem').first().waitFor();
      const room = await ada.open();
      await ben.joinAtDoorOf(ada, room);
      await ada.seesExactly(ben);
      await ben.seesMoving(ada);
      await ada.seesNoVideoOf(ben);
      await ada.tileOf(ben).getByTestId('tile-muted').waitFor();
      await ben.see('toggle-camera').click();
      await ben.read('news', 'No camera was found');
      await demo.shut(ben);
    } finally {
      await bareBrowser.close();
    }
  });

  test('a call of four shows how good each connection is', async () => {
    const { everyone } = await meeting('Ada', 'Ben', 'Cleo', 'Dara');
    const [ada, ...others] = everyone;
    for (const other of others) {
      await ada.tileOf(other).getByTestId('tile-quality').waitFor();
      await ada.seesMoving(other);
    }
    await ada.see('open-people').click();
    await ada.see('person').filter({ hasText: 'Dara' }).filter({ hasText: ' ms' }).waitFor();
  });
});
