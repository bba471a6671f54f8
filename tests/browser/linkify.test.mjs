// Which words of a chat message become links.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importSource } from './import_source.mjs';

const { findLinks } = await importSource('linkify.ts');

const linksIn = (text) => findLinks(text).filter(({ href }) => href);

describe('links in a message', () => {
  const kFound = {
    'https://example.org': 'https://example.org',
    'see http://example.org/a?b=c#d there': 'http://example.org/a?b=c#d',
    'It is at https://example.org/minutes.': 'https://example.org/minutes',
    '(https://example.org/minutes)': 'https://example.org/minutes',
    'https://example.org/wiki/Mercury_(planet)': 'https://example.org/wiki/Mercury_(planet)',
    '“https://example.org”': 'https://example.org',
    'HTTPS://EXAMPLE.ORG/Minutes': 'HTTPS://EXAMPLE.ORG/Minutes',
    'https://example.org/çà?x=1,2!': 'https://example.org/çà?x=1,2',
    '请看https://example.org/会议，谢谢': 'https://example.org/会议',
    'https://localhost:5000/demo?room=a+b': 'https://localhost:5000/demo?room=a+b',
  };
  for (const [text, link] of Object.entries(kFound)) {
    test(`${text}`, () => {
      assert.deepEqual(
        linksIn(text).map((piece) => piece.text),
        [link],
      );
    });
  }

  for (const text of [
    'javascript:alert(1)',
    'data:text/html,<b>x</b>',
    'file:///etc/passwd',
    'ftp://example.org',
    'example.org',
    'https://',
    'http://[',
  ]) {
    test(`there is none in ${text}`, () => {
      assert.deepEqual(linksIn(text), []);
    });
  }

  test('an address ends before a mark that turns the direction of the text', () => {
    const [link] = linksIn('https://example.org/\u202egro.live//:sptth');
    assert.equal(link.href, 'https://example.org/');
  });

  test('nothing of the text is lost', () => {
    const text = 'a https://example.org/x, b\nhttp://example.net) <i>c</i> https:// d';
    assert.equal(
      findLinks(text)
        .map((piece) => piece.text)
        .join(''),
      text,
    );
    assert.equal(linksIn(text).length, 2);
  });
});
