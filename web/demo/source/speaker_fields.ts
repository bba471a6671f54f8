import { part, show } from './dom.js';
import type { Media } from './media.js';
import type { Speakers } from './speakers.js';

/** The fields for the choice of a speaker, if there is a choice. */
export function bindSpeakerFields(media: Media, speakers: Speakers): void {
  const fields = document.querySelectorAll<HTMLElement>('[data-speakers]');
  const refresh = (): void => {
    for (const field of fields) {
      const select = part(field, 'select', HTMLSelectElement);
      select.replaceChildren(...speakers.devices.map(({ id, label }) => new Option(label, id)));
      if (speakers.id) select.value = speakers.id;
      show(speakers.devices.length > 0, field);
    }
  };
  for (const field of fields) {
    const select = part(field, 'select', HTMLSelectElement);
    select.addEventListener('change', () => {
      speakers.choose(select.value);
      refresh();
    });
  }
  media.on('change', refresh);
  refresh();
}
