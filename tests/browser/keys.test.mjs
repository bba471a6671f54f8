// The keys of a call.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';

describe('the keys of a call', () => {
  const { arrive, meeting } = useDemo();

  test('do the same as the controls', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    const { keyboard } = ben.page;
    const marksOfBen = ada.tileOf(ben);
    await keyboard.press('m');
    await marksOfBen.getByTestId('tile-muted').waitFor();
    await keyboard.press('m');
    await marksOfBen.getByTestId('tile-muted').waitFor({ state: 'hidden' });
    await keyboard.press('v');
    await ada.seesNoVideoOf(ben);
    await keyboard.press('v');
    await ada.seesMoving(ben);
    await keyboard.press('h');
    await marksOfBen.getByTestId('tile-hand').waitFor();
    await keyboard.press('H'); // Caps lock.
    await marksOfBen.getByTestId('tile-hand').waitFor({ state: 'hidden' });
    await keyboard.press('s');
    await ada.see('screen-tile').waitFor();
    await keyboard.press('s');
    await ada.see('screen-tile').waitFor({ state: 'detached' });
    await keyboard.press('p');
    await ben.see('people-panel').waitFor();
    await keyboard.press('p');
    await ben.see('people-panel').waitFor({ state: 'hidden' });
    await keyboard.press('f');
    await ben.until(() => document.fullscreenElement !== null);
    await keyboard.press('f');
    await ben.until(() => document.fullscreenElement === null);
  });

  test('are text in a field for text', async () => {
    const ada = await arrive('Ada');
    await ada.page.keyboard.press('?'); // Nothing, in the lobby: the name is being typed.
    assert.equal(await ada.see('name').inputValue(), 'Ada?');
    await ada.open();
    const { keyboard } = ada.page;
    await keyboard.press('c');
    await ada.see('chat-panel').waitFor();
    await keyboard.type('Such vivid mischief?');
    assert.equal(await ada.see('chat-text').inputValue(), 'Such vivid mischief?');
    assert.ok(await ada.see('chat-panel').isVisible());
    assert.equal(await ada.see('shortcuts-dialog').isVisible(), false);
    await keyboard.press('Escape');
    await keyboard.press('Control+c');
    assert.equal(await ada.see('chat-panel').isVisible(), false);
  });

  test('are listed, and can be turned off', async () => {
    const ada = await arrive('Ada');
    await ada.open();
    const { keyboard } = ada.page;
    const dialog = ada.see('shortcuts-dialog');
    await keyboard.press('?');
    await dialog.waitFor();
    const listed = await dialog.locator('kbd').allTextContents();
    const known = await ada.page
      .locator('[aria-keyshortcuts]')
      .evaluateAll((all) => all.map((each) => each.ariaKeyShortcuts));
    assert.deepEqual(listed.sort(), known.sort());
    await keyboard.press('p'); // Not behind the dialog.
    assert.equal(await ada.see('people-panel').isVisible(), false);
    await ada.see('use-shortcuts').uncheck();
    await ada.see('close-shortcuts').click();
    await keyboard.press('p');
    assert.equal(await ada.see('people-panel').isVisible(), false);

    await ada.page.reload();
    await ada.see('call').waitFor();
    await keyboard.press('?');
    assert.equal(await dialog.isVisible(), false, 'it is remembered');
    await ada.press('open-shortcuts');
    await ada.see('use-shortcuts').check();
    await ada.see('close-shortcuts').click();
    await keyboard.press('p');
    await ada.see('people-panel').waitFor();
  });
});
