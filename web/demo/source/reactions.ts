import { element } from './dom.js';
import { nameOf } from './names.js';
import { texts } from './texts/index.js';
import type { Tile } from './tile.js';
import type { Tiles } from './tiles.js';
import { onClick, type Visit } from './visit.js';

const kShown = 4000;
/** The most reactions on one tile at the same time. */
const kMost = 5;

/** The buttons in demo.html, each with its reaction. */
function reactionButtons(): { button: HTMLElement; reaction: string }[] {
  const buttons = document.querySelectorAll<HTMLElement>('button[data-reaction]');
  return Array.from(buttons, (button) => ({ button, reaction: button.dataset['reaction'] ?? '' }));
}

/** Lets a reaction rise over the picture. */
function showOn(tile: Tile, reaction: string): void {
  const risen = tile.element.getElementsByClassName('reaction-shown');
  if (risen.length >= kMost) return;
  const mark = document.createElement('span');
  mark.className = `reaction-shown from-${risen.length}`;
  mark.dataset['testid'] = 'tile-reaction';
  mark.textContent = reaction;
  mark.ariaHidden = 'true';
  tile.element.append(mark);
  window.setTimeout(() => mark.remove(), kShown);
}

/** Small signs to everybody. They appear on the sender's picture for a moment, and are read out. */
export class Reactions {
  readonly #tiles: Tiles;
  readonly #spoken = element('reaction-news');

  constructor(visit: Visit, tiles: Tiles) {
    this.#tiles = tiles;
    const { call } = visit;
    const buttons = reactionButtons();
    const known = new Set(buttons.map(({ reaction }) => reaction)); // Strangers may send anything.
    for (const { button, reaction } of buttons) {
      onClick(visit, button, () => {
        void call.send({ reaction });
        this.#show(this.#tiles.self, texts.you, reaction);
      });
    }
    call.on('message', ({ peer, data }) => {
      const { reaction } = (data ?? {}) as { reaction?: unknown };
      const tile = this.#tiles.of(peer);
      if (typeof reaction !== 'string' || !known.has(reaction) || !tile) return;
      this.#show(tile, nameOf(peer.info), reaction);
    });
  }

  #show(tile: Tile, name: string, reaction: string): void {
    showOn(tile, reaction);
    this.#spoken.textContent = `${name}: ${reaction}`; // Screen readers have a word for each emoji.
  }
}
