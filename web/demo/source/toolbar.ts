import { element } from './dom.js';
import { Popup } from './popup.js';

/** As in the style sheets: there is no room for all controls in one row. */
const kNarrow = window.matchMedia('(max-width: 45em)');

/** What is not needed all the time stands in the menu “More”, on narrow pages more of it. */
export function bindToolbar(): void {
  const { content } = element<HTMLTemplateElement>('reactions-choice');
  for (const place of document.querySelectorAll('[data-reactions]')) {
    place.append(content.cloneNode(true));
  }
  new Popup('reactions', 'open-reactions');
  const more = element('more');
  const menu = new Popup('more', 'open-more');
  more.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('.control, .reaction')) menu.close();
  });
  const movable = [...document.querySelectorAll('[data-movable]')];
  const place = (): void => {
    if (kNarrow.matches) more.prepend(...movable);
    else element('toggle-camera').after(...movable);
  };
  kNarrow.addEventListener('change', place);
  place();
}
