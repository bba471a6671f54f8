// The chat of the demo: its links, and what those read who come late.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';

describe('the chat', () => {
  const { meeting } = useDemo();

  test('makes addresses into links, and nothing else into anything', async () => {
    const { everyone } = await meeting('Ada', 'Ben');
    const [ada, ben] = everyone;
    const text = 'See https://example.org/a?b=1&c=<img src=x onerror=alert(1)>, javascript:alert(2).';
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
});
