import { element } from './dom.js';
import { nameOf } from './names.js';
import { texts } from './texts/index.js';
import type { Tile } from './tile.js';
import type { Tiles } from './tiles.js';
import { onClick, type Visit } from './visit.js';

const kShown = 4000;
/** On one tile at the same time. */
const kMost = 5;

/** What there is to choose from, as demo.html has it; strangers may send anything. */
function knownReactions(): Set<string> {
  const buttons = document.querySelectorAll<HTMLElement>('button[data-reaction]');
  return new Set([...buttons].map((button) => button.dataset['reaction']!));
}

/** Lets it rise over the picture. */
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

/** Small signs to everybody: seen for a moment on one's picture, and read out. */
export class Reactions {
  readonly #tiles: Tiles;
  readonly #known = knownReactions();
  readonly #spoken = element('reaction-news');

  constructor(visit: Visit, tiles: Tiles) {
    this.#tiles = tiles;
    const { call } = visit;
    for (const button of document.querySelectorAll<HTMLElement>('button[data-reaction]')) {
      const reaction = button.dataset['reaction']!;
      onClick(visit, button, () => {
        call.send({ reaction });
        this.#show(this.#tiles.self, texts.you, reaction);
      });
    }
    call.on('message', ({ peer, data }) => {
      const { reaction } = (data ?? {}) as { reaction?: unknown };
      const tile = this.#tiles.of(peer);
      if (typeof reaction !== 'string' || !this.#known.has(reaction) || !tile) return;
      this.#show(tile, nameOf(peer.info), reaction);
    });
  }

  #show(tile: Tile, name: string, reaction: string): void {
    showOn(tile, reaction);
    this.#spoken.textContent = `${name}: ${reaction}`; // Screen readers have a word for each.
  }
}
