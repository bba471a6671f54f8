import { de } from './de.js';
import { en, type Texts } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { zh } from './zh.js';

export type { Texts } from './en.js';

const kLanguages: ReadonlyMap<string, Texts> = new Map(Object.entries({ en, de, es, fr, zh }));

/** The first of the reader's languages that there are texts in; English if there are none. */
function choose(wanted: readonly string[]): string {
  const primary = wanted.map((tag) => tag.toLowerCase().replace(/-.*/, ''));
  return primary.find((tag) => kLanguages.has(tag)) ?? 'en';
}

const chosen = choose(globalThis.navigator?.languages ?? []);

/** The language of this page, as `lang` has it. */
export const language = chosen === 'zh' ? 'zh-Hans' : chosen;

/** The texts of this page. */
export const texts: Texts = kLanguages.get(chosen) ?? en;
