// What is on the stage of a call: nothing covers anything else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';

const kScreens = [
  { viewport: { width: 1280, height: 800 } },
  { viewport: { width: 390, height: 844 } },
];

/** Runs in the page: whether all that the element holds is inside it. */
const holdsAll = (element) =>
  element.scrollHeight <= element.clientHeight + 1 && element.scrollWidth <= element.clientWidth + 1;

describe('the stage of a call', () => {
  const { arrive } = useDemo();

  for (const screen of kScreens) {
    const { width } = screen.viewport;

    test(`at ${width} px holds a screen beside the invitation`, async () => {
      const ada = await arrive('Ada', screen);
      await ada.open();
      await ada.see('share').click();
      const shared = ada.see('screen-tile');
      await ada.seesMovingIn(shared);
      // The transition to the new place has ended.
      await ada.until(() => document.getElementById('stage').getAnimations({ subtree: true }).length === 0);
      const [tile, invitation] = [await shared.boundingBox(), await ada.see('invite').boundingBox()];
      const isApart =
        invitation.x >= tile.x + tile.width || invitation.y >= tile.y + tile.height;
      assert.ok(isApart, JSON.stringify({ tile, invitation }));
      assert.ok(await ada.page.locator('.invite').evaluate(holdsAll), 'the invitation fits');
      await ada.see('copy-invite').click();
      await ada.see('share').click();
      await shared.waitFor({ state: 'detached' });
      await ada.see('room-link').waitFor();
    });
  }
});
