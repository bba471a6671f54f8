// The demo for those who want text twice as large: nothing is cut off, and nothing is out of reach.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';
import { visitScreens } from './screens.mjs';

const kWidths = [390, 768, 1280];

/** Runs in the page: every text that is not wholly inside its control or label. */
function spilledTexts() {
  const boxes = 'button, .button, label, .chip, .count, .person, .candidate, .chat-message, .card';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const parent = text.parentElement;
    const box = parent.closest(boxes)?.getBoundingClientRect();
    const isShort = getComputedStyle(parent).textOverflow === 'ellipsis';
    const isHidden = !parent.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!box || isShort || isHidden || parent.closest('.sr-only, select')) continue;
    const range = new Range();
    range.selectNodeContents(text);
    const isOutside = ({ left, right, top, bottom }) =>
      left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
    if ([...range.getClientRects()].some(isOutside)) found.push(text.data.trim());
  }
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('(the page)');
  return found;
}

describe('text of twice the size', () => {
  const demo = useDemo();

  for (const width of kWidths) {
    test(`fits at ${width} px`, async () => {
      const wishes = { viewport: { width, height: 844 }, textSize: 2 };
      await visitScreens(demo, wishes, async ({ page }, screen) => {
        assert.deepEqual(await page.evaluate(spilledTexts), [], `${screen} at ${width} px`);
      });
    });
  }

  test('leaves the list of people in sight', async () => {
    const ada = await demo.arrive('Ada', { textSize: 2 });
    await ada.open();
    await ada.see('open-people').click();
    const isInSight = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const seen = document.elementFromPoint(left + width / 2, top + height / 2);
      return element.contains(seen);
    };
    assert.ok(await ada.see('person').first().evaluate(isInSight), 'the list');
    await ada.see('lock').scrollIntoViewIfNeeded();
    assert.ok(await ada.see('lock').evaluate(isInSight), 'and what is below it');
  });
});
