import { element, part, show } from './dom.js';

/** A column beside the stage, or over it on small screens; a button opens and closes it. */
export class Panel {
  /** Called when it opens. */
  onShown: () => void = () => {};
  readonly #panel: HTMLElement;
  readonly #button: HTMLElement;

  constructor(panelId: string, buttonId: string) {
    this.#panel = element(panelId);
    this.#button = element(buttonId);
    this.#button.addEventListener('click', () => (this.isShown ? this.hide() : this.open()));
    part(this.#panel, '[data-close]').addEventListener('click', () => this.close());
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  get isShown(): boolean {
    return !this.#panel.hidden;
  }

  /** Opens it, closes the others, and moves the keyboard's focus there. */
  open(): void {
    for (const each of kPanels) each.hide();
    this.#set(true);
    part(this.#panel, 'h2').focus();
    this.onShown();
  }

  hide(): void {
    this.#set(false);
  }

  /** Hides it and moves the keyboard's focus back to its button. */
  close(): void {
    this.hide();
    this.#button.focus();
  }

  #set(shown: boolean): void {
    show(shown, this.#panel);
    this.#button.setAttribute('aria-expanded', String(shown));
  }
}

export const chatPanel = new Panel('chat-panel', 'open-chat');
export const peoplePanel = new Panel('people-panel', 'open-people');
const kPanels = [chatPanel, peoplePanel];
