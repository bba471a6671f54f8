import { element } from './dom.js';
import { texts } from './texts/index.js';
import { applyTheme, chooseTheme, kSystemIsDark } from './theme_choice.js';

/** The button that changes from dark to light and back. */
export function bindTheme(): void {
  const button = element('theme');
  const refresh = (): void => {
    const isDark = applyTheme() === 'dark';
    button.setAttribute('aria-label', isDark ? texts.toLight : texts.toDark);
  };
  button.addEventListener('click', () => {
    chooseTheme(applyTheme() === 'dark' ? 'light' : 'dark');
    refresh();
  });
  kSystemIsDark.addEventListener('change', refresh);
  refresh();
}
