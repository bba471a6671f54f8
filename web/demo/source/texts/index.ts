import { en, type Texts } from './en.js';

export type { Texts } from './en.js';

/** The texts of this page. */
export const texts: Texts = en;
