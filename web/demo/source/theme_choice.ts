import { recall, remember } from './memory.js';

export type Theme = 'dark' | 'light';

export const kSystemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
const kName = 'theme';

const systemsTheme = (): Theme => (kSystemIsDark.matches ? 'dark' : 'light');

/** Shows the present theme. `data-shown` is for the style sheet, which cannot ask. */
export function applyTheme(): Theme {
  const { dataset } = document.documentElement;
  const chosen = recall(kName);
  if (chosen) dataset['theme'] = chosen;
  else delete dataset['theme'];
  const shown = (chosen ?? systemsTheme()) as Theme;
  dataset['shown'] = shown;
  return shown;
}

/** Follows the theme of the system again. */
export function chooseTheme(theme: Theme): void {
  remember(kName, theme === systemsTheme() ? null : theme);
}
