import { element, show } from './dom.js';

/** Buttons above another one, which opens and closes them. */
export class Popup {
  readonly #popup: HTMLElement;
  readonly #button: HTMLElement;

  constructor(popupId: string, buttonId: string) {
    this.#popup = element(popupId);
    this.#button = element(buttonId);
    this.#button.addEventListener('click', () => this.#set(this.#popup.hidden));
    this.#popup.addEventListener('keydown', (event) => this.#onKey(event));
    this.#button.addEventListener('keydown', (event) => this.#onKey(event));
    document.addEventListener('click', ({ target }) => {
      const isOutside = ![this.#popup, this.#button].some((each) => each.contains(target as Node));
      if (isOutside) this.close();
    });
  }

  /** Moves the keyboard's focus back to the button, if it was here. */
  close(): void {
    if (this.#popup.contains(document.activeElement)) this.#button.focus();
    this.#set(false);
  }

  #onKey({ key }: KeyboardEvent): void {
    if (key === 'Escape') this.close();
  }

  #set(shown: boolean): void {
    show(shown, this.#popup);
    this.#button.setAttribute('aria-expanded', String(shown));
  }
}
