import { element, show } from './dom.js';
import { arrangeGrid, arrangeSpotlight } from './layout.js';
import { placeAt, type Tile } from './tile.js';

/** Below this width a tile shows only what matters. */
const kDense = 280;

/** Where the tiles are: a grid, or one of them large; beside a lonely one, the invitation. */
export class Stage {
  readonly #stage = element('stage');
  readonly #invitation = element('invite');
  #tiles: Tile[] = [];
  #spotlights: Tile[] = [];

  constructor(over: AbortSignal) {
    const observer = new ResizeObserver(() => this.arrange());
    observer.observe(this.#stage);
    over.addEventListener('abort', () => {
      observer.disconnect();
      for (const tile of [...this.#spotlights, ...this.#tiles]) tile.remove();
    });
    this.arrange();
  }

  add(tile: Tile): void {
    this.#tiles.push(tile);
    this.#stage.insertBefore(tile.element, this.#invitation);
    this.arrange();
  }

  /** The latest is the one that is shown large. */
  addSpotlight(tile: Tile): void {
    this.#spotlights.unshift(tile);
    this.#stage.prepend(tile.element);
    this.arrange();
  }

  remove(tile: Tile): void {
    this.#tiles = this.#tiles.filter((each) => each !== tile);
    this.#spotlights = this.#spotlights.filter((each) => each !== tile);
    tile.remove();
    this.arrange();
  }

  arrange(): void {
    const { width, height } = this.#stage.getBoundingClientRect();
    const isAlone = this.#tiles.length < 2;
    show(isAlone, this.#invitation);
    const shown = [...this.#spotlights, ...this.#tiles].map((tile) => tile.element);
    if (isAlone) shown.push(this.#invitation);
    const arrangeAll = this.#spotlights.length > 0 ? arrangeSpotlight : arrangeGrid;
    const gap = width < 700 ? 8 : 12;
    const places = arrangeAll(shown.length, { width, height, gap });
    this.#stage.classList.toggle('dense', (places.at(-1)?.width ?? 0) < kDense);
    shown.forEach((each, index) => placeAt(each, places[index]!));
  }
}
