import { language, texts, type Texts } from './texts/index.js';

/** The attributes of demo.html that name a text, and the functions that set it. */
const kPlaces: Record<string, (target: Element, text: string) => void> = {
  'data-text': (target, text) => (target.textContent = text),
  'data-label': (target, text) => target.setAttribute('aria-label', text),
  'data-title': (target, text) => target.setAttribute('title', text),
  'data-placeholder': (target, text) => target.setAttribute('placeholder', text),
};

function textOf(key: string): string {
  const text = texts[key as keyof Texts];
  if (typeof text !== 'string') throw new Error(`There is no text “${key}”.`);
  return text;
}

function translate(root: ParentNode): void {
  for (const [attribute, put] of Object.entries(kPlaces)) {
    for (const target of root.querySelectorAll(`[${attribute}]`)) {
      put(target, textOf(target.getAttribute(attribute) ?? ''));
    }
  }
}

/** Puts the texts of this page's language into demo.html, templates included. */
export function translatePage(): void {
  document.documentElement.lang = language;
  translate(document);
  for (const { content } of document.querySelectorAll('template')) translate(content);
}
