import { element, part, show, showText } from './dom.js';
import { recall, remember } from './memory.js';
import { suggestRoomName } from './names.js';
import { texts } from './texts/index.js';

export type Entrance = 'create' | 'join';

/** The page before the call: your name, the room, and the wait before the door. */
export class Lobby {
  readonly #name = element('user-name', HTMLInputElement);
  readonly #room = element('room', HTMLInputElement);
  readonly #password = element('password', HTMLInputElement);

  constructor(invitedTo: string) {
    this.#name.value = recall('name') ?? '';
    this.#room.value = invitedTo;
    this.suggestRoom();
    if (invitedTo) this.#invite(invitedTo);
  }

  get userName(): string {
    return this.#name.value.trim() || texts.guest;
  }

  set userName(name: string) {
    this.#name.value = name;
  }

  get room(): string {
    return this.#room.value.trim();
  }

  set room(name: string) {
    this.#room.value = name;
  }

  /** The name that a new room gets if none was typed. */
  get suggestedRoom(): string {
    return this.#room.placeholder;
  }

  get password(): string {
    return this.#password.value;
  }

  suggestRoom(): void {
    this.#room.placeholder = suggestRoomName();
  }

  bind(onEnter: (entrance: Entrance) => void, onCancel: () => void): void {
    element('entry').addEventListener('submit', (event) => {
      event.preventDefault();
      remember('name', this.#name.value.trim() || null);
      const { submitter } = event;
      onEnter((submitter as HTMLButtonElement | null)?.value === 'join' ? 'join' : 'create');
    });
    element('cancel').addEventListener('click', onCancel);
    for (const button of element('actions').querySelectorAll('button')) button.disabled = false;
  }

  /** Shows the form, and a message that says why. */
  showForm(message: string | null = null): void {
    this.#showScreen();
    show(true, element('entry'));
    show(false, element('waiting'));
    this.showMessage(message);
    element('main').focus();
  }

  showMessage(message: string | null): void {
    showText(element('message'), message);
  }

  /** The server has no demo, so this page can do nothing. */
  showUnavailable(message: string): void {
    this.showForm(message);
    show(false, element('entry'));
  }

  askForRoom(): void {
    this.showMessage(texts.typeRoom);
    this.#room.focus();
  }

  /** `wasWrong`: a password was given, but it is not the room's. */
  askForPassword(wasWrong: boolean): void {
    this.showForm(wasWrong ? texts.wrongPassword : texts.roomHasPassword);
    this.#preferJoining();
    show(true, element('password-field'));
    this.#password.value = '';
    this.#password.focus();
  }

  showWaiting(text: string, hint = ''): void {
    const isNew = element('waiting').hidden;
    this.#showScreen();
    this.showMessage(null);
    show(false, element('entry'));
    show(true, element('waiting'));
    element('waiting-text').textContent = text;
    element('waiting-hint').textContent = hint;
    if (isNew) element('waiting').focus();
  }

  /** Somebody followed a link to a room. */
  #invite(room: string): void {
    const name = Object.assign(document.createElement('em'), { textContent: room });
    element('lobby-title').replaceChildren(`${texts.comeInTo} `, name);
    element('lead').textContent = texts.leadOfInvited;
    show(false, element('room-hint'));
    this.#preferJoining();
  }

  /** Makes asking to join the first button, and the one for Enter. */
  #preferJoining(): void {
    const actions = element('actions');
    const join = part(actions, '[value=join]');
    part(actions, '[value=create]').classList.remove('primary');
    join.classList.add('primary');
    actions.prepend(join);
  }

  #showScreen(): void {
    document.body.dataset['screen'] = 'lobby';
    show(true, element('lobby'));
    show(false, element('call'), element('place'), element('copy-link'));
    document.title = 'Heliograph';
  }
}
