import type { Admission, RoomChanges, RoomSettings } from '@heliograph/client';
import { element, part, show } from './dom.js';
import { explain } from './explain.js';
import { nameOf } from './names.js';
import { tellNews } from './news.js';
import { texts } from './texts/index.js';
import type { Visit } from './visit.js';

const kAtFirst: RoomSettings = { locked: false, capacity: null, admission: 'owner' };

/** The rules for coming in: the owner sets them, and the others read them. */
export class Door {
  readonly #visit: Visit;
  readonly #form = element('door-form', HTMLFormElement);
  readonly #lock = element('lock', HTMLInputElement);
  readonly #password = element('room-password', HTMLInputElement);

  constructor(visit: Visit) {
    this.#visit = visit;
    const { call, over } = visit;
    call.on('owner-changed', () => this.#refresh());
    let known: string | null = null; // The rules come with the room; only changes are news.
    call.on('room-updated', ({ settings }) => {
      this.#refresh();
      const note = this.#note(settings);
      if (known !== null && known !== note && !call.isOwner) tellNews(note);
      known = note;
    });
    const choices = this.#form.querySelectorAll<HTMLInputElement>('[name=admission]');
    for (const choice of choices) {
      choice.addEventListener('change', () => this.#choose(choice.value as Admission), {
        signal: over,
      });
    }
    const onLock = (): void => void this.#update({ locked: this.#lock.checked });
    this.#lock.addEventListener('change', onLock, { signal: over });
    this.#form.addEventListener('submit', (event) => this.#setPassword(event), { signal: over });
    this.#refresh();
  }

  get #settings(): RoomSettings {
    return this.#visit.call.settings ?? kAtFirst;
  }

  /** The admission by password takes effect when a password is set. */
  #choose(admission: Admission): void {
    this.#showPasswordField(admission === 'password');
    if (admission === 'password') this.#password.focus();
    else void this.#update({ admission });
  }

  #setPassword(event: Event): void {
    event.preventDefault();
    const password = this.#password.value;
    if (!password) {
      this.#password.focus();
      return;
    }
    this.#password.value = '';
    void this.#update({ admission: 'password', password });
  }

  async #update(changes: RoomChanges): Promise<void> {
    try {
      tellNews(this.#note(await this.#visit.call.update(changes)));
    } catch (error) {
      tellNews(explain(error));
      this.#refresh();
    }
  }

  #refresh(): void {
    const { locked, admission } = this.#settings;
    const { isOwner } = this.#visit.call;
    show(isOwner, this.#form);
    show(locked, element('lock-chip'));
    this.#lock.checked = locked;
    const current = `[name=admission][value=${admission}]`;
    part(this.#form, current, HTMLInputElement).checked = true;
    this.#showPasswordField(admission === 'password');
    element('door-note').textContent = isOwner ? '' : this.#note(this.#settings);
  }

  #showPasswordField(shown: boolean): void {
    show(shown, element('room-password-field'));
  }

  #note({ locked, admission }: RoomSettings): string {
    if (locked) return texts.noteLocked;
    if (admission === 'open') return texts.noteOpen;
    if (admission === 'password') return texts.notePassword;
    const { call } = this.#visit;
    if (call.isOwner) return texts.noteYouDecide;
    const owner = [...call.owners].map((id) => call.peers.get(id)).find(Boolean);
    return owner ? texts.noteNameDecides(nameOf(owner.info)) : texts.noteOwnerDecides;
  }
}
