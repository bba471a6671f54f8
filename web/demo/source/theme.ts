// Loaded before the page is painted: dark or light, as the system has it or as was chosen here.
import { recall, remember } from './memory.js';

const kDark = window.matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;

/** Shows what holds now; `data-shown` is for the style sheet, which cannot ask. */
function apply(): void {
  const chosen = recall('theme');
  if (chosen) root.dataset['theme'] = chosen;
  else delete root.dataset['theme'];
  root.dataset['shown'] = chosen ?? (kDark.matches ? 'dark' : 'light');
  const button = document.getElementById('theme');
  const other = root.dataset['shown'] === 'dark' ? 'light' : 'dark';
  button?.setAttribute('aria-label', `Change to ${other} colours`);
}

function toggle(): void {
  const other = root.dataset['shown'] === 'dark' ? 'light' : 'dark';
  const systems = kDark.matches ? 'dark' : 'light';
  remember('theme', other === systems ? null : other); // Then it follows the system again.
  apply();
}

apply();
kDark.addEventListener('change', apply);
document.addEventListener('DOMContentLoaded', () => {
  apply();
  document.getElementById('theme')?.addEventListener('click', toggle);
});
