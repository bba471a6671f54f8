// On the stage of a call nothing covers anything else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pretendPictures } from './hooks.mjs';
import { useDemo } from './meeting.mjs';

const kScreens = [
  { viewport: { width: 1280, height: 800 } },
  { viewport: { width: 390, height: 844 } },
];

/** Runs in the page: whether all that the element holds is inside it. */
const holdsAll = (element) =>
  element.scrollHeight <= element.clientHeight + 1 &&
  element.scrollWidth <= element.clientWidth + 1;

/** Runs in the page: every tile has come to its place. */
const isAtRest = () =>
  document.getElementById('stage').getAnimations({ subtree: true }).length === 0;

/** Runs in the page: the tile that is much larger than all others, or null if there is none. */
function largest() {
  const tiles = [...document.querySelectorAll('#stage > .tile')].map((tile) => ({
    name: tile.querySelector('.name').textContent,
    area: tile.offsetWidth * tile.offsetHeight,
  }));
  const [first, second] = tiles.sort((one, other) => other.area - one.area);
  return first.area > 2 * second.area ? first.name : null;
}

describe('the stage of a call', () => {
  const demo = useDemo();
  const { arrive, meeting } = demo;

  for (const screen of kScreens) {
    const { width } = screen.viewport;

    test(`at ${width} px holds a screen beside the invitation`, async () => {
      const ada = await arrive('Ada', screen);
      await ada.open();
      await ada.press('share');
      const shared = ada.see('screen-tile');
      await ada.seesMovingIn(shared);
      await ada.until(isAtRest);
      const [tile, invitation] = [
        await shared.boundingBox(),
        await ada.see('invite').boundingBox(),
      ];
      const isApart = invitation.x >= tile.x + tile.width || invitation.y >= tile.y + tile.height;
      assert.ok(isApart, JSON.stringify({ tile, invitation }));
      assert.ok(await ada.page.locator('.invite').evaluate(holdsAll), 'the invitation fits');
      await ada.see('copy-invite').click();
      await ada.press('share');
      await shared.waitFor({ state: 'detached' });
      await ada.see('room-link').waitFor();
    });
  }

  test('keeps a pinned picture large until it is unpinned or leaves', async () => {
    const { everyone } = await meeting('Ada', 'Ben', 'Cleo');
    const [ada, ben, cleo] = everyone;
    const seesLargest = async (name) => {
      await ada.until(isAtRest);
      assert.equal(await ada.page.evaluate(largest), name);
    };
    await seesLargest(null);
    await ada.tileOf(cleo).getByTestId('pin').click();
    await seesLargest('Cleo');
    await ben.see('share').click();
    await ada.seesMovingIn(ada.see('screen-tile'));
    await seesLargest('Cleo');
    await ada.tileOf(cleo).getByRole('button', { name: 'Unpin Cleo' }).click();
    await seesLargest('Ben’s screen');
    await ada.tileOf(ada).dblclick();
    await seesLargest('Ada (you)');
    await ada.tileOf(cleo).dblclick();
    await seesLargest('Cleo');
    await ben.see('share').click();
    await ada.see('screen-tile').waitFor({ state: 'detached' });
    await cleo.leave();
    await ada.seesExactly(ben);
    await seesLargest(null);
    await ada.seesMoving(ben);
  });

  test('gives a picture a window of its own, and has it back', async () => {
    const ada = await arrive('Ada', { scripts: [pretendPictures] });
    const ben = await arrive('Ben');
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesMoving(ben);
    const pictured = () =>
      document.pictureInPictureElement?.closest('.tile').querySelector('.name').textContent;
    const button = (name) => ada.tileOf(ben).getByRole('button', { name });
    await button('Show Ben in a small window').click();
    assert.equal(await ada.page.evaluate(pictured), 'Ben');
    await button('Show Ben here again').click();
    assert.equal(await ada.page.evaluate(pictured), undefined);
    await ben.see('toggle-camera').click();
    await ada.seesNoVideoOf(ben);
    await button('Show Ben in a small window').waitFor({ state: 'hidden' });
  });
});
