import { element } from './dom.js';
import { Popup } from './popup.js';

const moreMenu = new Popup('more', 'open-more');
const reactionsMenu = new Popup('reactions', 'open-reactions');

/** As in the style sheets: there is no room for all controls in one row. */
const kNarrow = window.matchMedia('(max-width: 45em)');

/** Controls that are needed rarely are in the menu “More”; narrow pages have more of them there. */
export function bindToolbar(): void {
  const { content } = element('reactions-choice', HTMLTemplateElement);
  for (const place of document.querySelectorAll('[data-reactions]')) {
    place.append(content.cloneNode(true));
  }
  const more = element('more');
  // This comes before the chosen action: a dialog returns the focus to where it was.
  const closeMore = ({ target }: Event): void => {
    if ((target as Element).closest('.control, .reaction')) moreMenu.close();
  };
  more.addEventListener('click', closeMore, { capture: true });
  const movable = [...document.querySelectorAll('[data-movable]')];
  const place = (): void => {
    if (kNarrow.matches) more.prepend(...movable);
    else element('toggle-camera').after(...movable);
  };
  kNarrow.addEventListener('change', place);
  place();
}

/** At the end of a call. */
export function closeMenus(): void {
  moreMenu.close();
  reactionsMenu.close();
}
