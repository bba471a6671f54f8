import { element, fromTemplate, paintPortrait, part } from './dom.js';
import { codeOf, explain } from './explain.js';
import { nameOf } from './names.js';
import { tellNews } from './news.js';
import { texts } from './texts/index.js';
import type { Visit } from './visit.js';

/** A card for each person who asks to come in. */
export class Candidates {
  readonly #visit: Visit;
  readonly #list = element('candidates');
  readonly #cards = new Map<string, HTMLElement>();

  constructor(visit: Visit) {
    this.#visit = visit;
    visit.call.on('join-request', ({ peerId, peerinfo }) => this.#add(peerId, nameOf(peerinfo)));
    visit.call.on('join-cancel', ({ peerId }) => this.#remove(peerId));
    visit.over.addEventListener('abort', () => {
      this.#list.replaceChildren();
      this.#cards.clear();
    });
  }

  #add(peerId: string, name: string): void {
    this.#remove(peerId); // A person who asks twice is shown once.
    const card = fromTemplate('candidate');
    paintPortrait(part(card, '.portrait'), name);
    part(card, 'strong').textContent = name;
    const { call } = this.#visit;
    const actions = {
      accept: { label: texts.letNameIn(name), decide: () => call.accept(peerId) },
      reject: { label: texts.refuseName(name), decide: () => call.reject(peerId) },
    };
    for (const [action, { label, decide }] of Object.entries(actions)) {
      const button = part(card, `[data-testid=${action}]`, HTMLButtonElement);
      button.setAttribute('aria-label', label);
      button.addEventListener('click', () => {
        this.#retire(card);
        decide().then(
          () => this.#remove(peerId),
          (error: unknown) => this.#undo(peerId, name, error),
        );
      });
    }
    this.#cards.set(peerId, card);
    this.#list.append(card);
    this.#showInTitle();
  }

  /** Tells an owner who looks at another window. */
  #showInTitle(): void {
    const { room } = this.#visit.call;
    const bell = this.#cards.size > 0 ? `(${this.#cards.size}) ` : '';
    document.title = bell + texts.pageTitle(room);
  }

  /** A full room keeps the request. Otherwise the person has gone, or another owner answered. */
  #undo(peerId: string, name: string, error: unknown): void {
    if (codeOf(error) === 'no-join-request') tellNews(texts.noLongerWaits(name));
    else tellNews(explain(error));
    if (codeOf(error) !== 'room-full') {
      this.#remove(peerId);
      return;
    }
    for (const button of this.#cards.get(peerId)?.querySelectorAll('button') ?? []) {
      button.disabled = false;
    }
  }

  /** Moves the keyboard's focus to the next card, or to the call. */
  #retire(card: HTMLElement): void {
    const hadFocus = card.contains(document.activeElement);
    for (const button of card.querySelectorAll('button')) button.disabled = true;
    if (!hadFocus) return;
    const next = this.#list.querySelector<HTMLElement>('.primary:enabled');
    (next ?? element('main')).focus();
  }

  #remove(peerId: string): void {
    const card = this.#cards.get(peerId);
    if (!card) return;
    this.#cards.delete(peerId);
    this.#retire(card);
    card.remove();
    this.#showInTitle();
  }
}
