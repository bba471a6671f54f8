import { element } from './dom.js';
import { recall, remember } from './memory.js';

const kName = 'shortcuts';
const kOff = 'off';

/** Fields for text: a letter that is typed there is no command. */
function isTyping(target: EventTarget | null): boolean {
  const fields = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])';
  return target instanceof Element && target.matches(fields);
}

/** The control of the call that a key stands for, as demo.html says by `aria-keyshortcuts`. */
function controlOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): HTMLButtonElement | null {
  if (ctrlKey || metaKey || altKey || key.length !== 1) return null;
  const controls = document.querySelectorAll<HTMLButtonElement>('.toolbar [aria-keyshortcuts]');
  const wanted = key.toUpperCase();
  return [...controls].find((each) => each.getAttribute('aria-keyshortcuts') === wanted) ?? null;
}

/** Keys for the controls of a call. People who speak to their browser can turn them off. */
export function bindShortcuts(): void {
  const uses = element('use-shortcuts', HTMLInputElement);
  uses.checked = recall(kName) !== kOff;
  uses.addEventListener('change', () => remember(kName, uses.checked ? null : kOff));
  document.addEventListener('keydown', (event) => {
    const isInCall = document.body.dataset['screen'] === 'call';
    const isFree = isInCall && uses.checked && !document.querySelector('dialog[open]');
    if (!isFree || event.repeat || isTyping(event.target)) return;
    const control = controlOf(event);
    if (!control || control.hidden) return;
    event.preventDefault(); // The letter is not for the field that the control may lead to.
    control.click();
  });
}
