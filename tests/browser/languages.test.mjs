// The demo in the reader's language: all of it, on every screen.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import ts from 'typescript';
import { importSource } from './import_source.mjs';
import { useDemo } from './meeting.mjs';
import { visitScreens } from './screens.mjs';

const kLocales = { de: 'de-CH', es: 'es-MX', fr: 'fr-FR', zh: 'zh-CN' };
/**
 * In these every screen is visited. In the others the page is read as it is at first, with its
 * templates and all that is hidden: the texts of the scripts have the same keys in all languages.
 */
const kVisited = new Set(['en-GB', 'de-CH']);
/** These texts are the same in all languages: names, and messages of people. */
const kData =
  /^(Ada|Ben|Heliograph|(Ada: )?Hello, Ben:.*|https?:.*|[^\p{L}]*\p{L}?[^\p{L}]*|\d+ ms)$/u;

const source = new URL('../../web/demo/source/', import.meta.url);
const textsOf = async (language) => (await importSource(`texts/${language}.ts`))[language];
const { en } = { en: await textsOf('en') };

/** Runs in the page: every text and label in it, also what is hidden, or waits in a template. */
function collectTexts() {
  const found = new Set([document.title]);
  const collect = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.closest?.('template')) collect(node.content);
      const isDevice = node.parentElement?.closest('script, style, option, noscript');
      if (node.nodeType === Node.TEXT_NODE && !isDevice) found.add(node.data.trim());
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        found.add(node.getAttribute?.(name)?.trim() ?? '');
      }
    }
  };
  collect(document.body);
  return [...found];
}

/** Runs in the page: what demo.html names, and the text that it has there. */
function namedTexts() {
  const attributes = {
    text: null,
    label: 'aria-label',
    title: 'title',
    placeholder: 'placeholder',
  };
  const roots = [
    document,
    ...[...document.querySelectorAll('template')].map(({ content }) => content),
  ];
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    roots.flatMap((root) =>
      [...root.querySelectorAll(`[data-${name}]`)].map((element) => [
        element.dataset[name],
        attribute ? element.getAttribute(attribute) : element.textContent,
      ]),
    ),
  );
}

/** Sentences in a script: texts of several words, but for what only developers see. */
function sentencesIn(file) {
  const tree = ts.createSourceFile(
    file,
    readFileSync(new URL(file, source), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = [];
  const visit = (node) => {
    if (ts.isThrowStatement(node)) return;
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
    if (isText && /^[A-Z][a-z]+ [a-z]/.test(node.text)) found.push(`${file}: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

describe('the languages of the demo', () => {
  const demo = useDemo();
  let english;

  async function collect(locale) {
    const found = new Set();
    const read = async ({ page }) => {
      for (const text of await page.evaluate(collectTexts)) found.add(text);
    };
    if (kVisited.has(locale)) await visitScreens(demo, { locale }, read);
    else await read(await demo.arrive('Ada', { locale }));
    return found;
  }

  before(async () => {
    english = await collect('en-GB');
  });

  for (const [language, locale] of Object.entries(kLocales)) {
    test(`${locale} leaves no text in English`, async () => {
      const translated = await textsOf(language);
      const values = Object.entries(translated);
      const alike = new Set(
        values.filter(([key, text]) => text === en[key]).map(([, text]) => text),
      );
      const found = await collect(locale);
      const rest = [...found].filter(
        (text) => english.has(text) && !alike.has(text) && !kData.test(text),
      );
      assert.deepEqual(rest, []);
      assert.ok(found.has(translated.openRoom), 'it is that language');
    });

    test(`${locale} leaves out nothing that a text is about`, async () => {
      for (const [key, text] of Object.entries(await textsOf(language))) {
        if (typeof text === 'function') assert.match(text('what'), /what/, key);
      }
    });
  }

  test('are chosen by the browser’s, with English for all others', async () => {
    for (const [locale, lang] of [
      ['zh-TW', 'zh-Hans'],
      ['sv-SE', 'en'],
      ['fr-CA', 'fr'],
    ]) {
      const ada = await demo.arrive('Ada', { locale });
      assert.equal(await ada.page.evaluate(() => document.documentElement.lang), lang);
    }
  });

  test('the English of demo.html is that of the scripts', async () => {
    const context = await demo.browser.newContext();
    const page = await context.newPage();
    await page.route('**/demo.js', (route) =>
      route.fulfill({ body: '', contentType: 'text/javascript' }),
    );
    await page.goto(`${demo.server.url}/demo`);
    const named = await page.evaluate(namedTexts);
    await context.close();
    assert.ok(named.length > 50);
    for (const [key, text] of named) assert.equal(text, en[key], key);
  });

  test('no script holds a sentence of its own', () => {
    const files = readdirSync(source).filter((name) => name.endsWith('.ts'));
    assert.deepEqual(files.flatMap(sentencesIn), []);
  });
});
