// The chat of the demo: its links, and what those read who come late.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countHistories } from './hooks.mjs';
import { useDemo } from './meeting.mjs';

describe('the chat', () => {
  const { arrive, meeting } = useDemo({ devices: false });

  const textsOf = (person) =>
    person.page.locator('[data-testid=chat-message] .text').allTextContents();

  test('turns addresses into links, and changes nothing else', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    const text =
      'See https://example.org/a?b=1&c=<img src=x onerror=alert(1)>, javascript:alert(2).';
    await ben.see('open-chat').click();
    await ada.write(text);
    await ada.read('chat-message', text);
    await ben.read('chat-message', text);
    for (const { page } of everyone) {
      const message = page.getByTestId('chat-message');
      const links = message.locator('a');
      assert.equal(await links.count(), 1);
      assert.equal(await links.getAttribute('href'), 'https://example.org/a?b=1&c=');
      assert.equal(await links.getAttribute('target'), '_blank');
      assert.match(await links.getAttribute('rel'), /\bnoopener\b/);
      assert.equal(await message.locator('img').count(), 0);
    }
  });

  test('shows latecomers each earlier message once, however many members send it', async () => {
    const { room, everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ada.write('The first');
    await ben.see('open-chat').click();
    await ben.read('chat-message', 'The first');
    await ben.write('The second');
    await ada.read('chat-message', 'The second');

    const cleo = await arrive('Cleo', { scripts: [countHistories] });
    await cleo.joinAtDoorOf(ada, room);
    await cleo.until(() => window.histories === 2);
    await cleo.see('unread').filter({ hasText: '2' }).waitFor();
    await cleo.see('open-chat').click();
    assert.deepEqual(await textsOf(cleo), ['The first', 'The second']);
    await cleo.read('chat-message', /^\s*Ben.*The second\s*$/s);
    await cleo.write('The third');
    await ada.read('chat-message', 'The third');
    assert.deepEqual(await textsOf(ada), ['The first', 'The second', 'The third']);
  });

  test('shows the messages that were sent while a person was away', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    await ada.see('open-chat').click();
    await ben.write('Before');
    await ada.read('chat-message', 'Before');
    const address = ben.page.url();
    await ben.page.goto('about:blank');
    await ada.seesExactly();
    await ada.write('Meanwhile');
    await ben.page.goto(address);
    await ben.see('call').waitFor();
    await ben.see('unread').filter({ hasText: '1' }).waitFor();
    await ben.see('open-chat').click();
    assert.deepEqual(await textsOf(ben), ['Before', 'Meanwhile']);
    await ben.read('chat-message', /^\s*You.*Before\s*$/s);
  });
});
