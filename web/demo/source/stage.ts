import { element, show } from './dom.js';
import { arrangeGrid, arrangeSpotlight } from './layout.js';
import { placeAt, type Tile } from './tile.js';

/** Places the tiles: in a grid, or one of them large; beside a single one, the invitation. */
export class Stage {
  readonly #stage = element('stage');
  readonly #invitation = element('invite');
  #tiles: Tile[] = [];
  #spotlights: Tile[] = [];
  /** The tile that is kept large, before all spotlights. */
  #pinned: Tile | null = null;

  constructor(over: AbortSignal) {
    const observer = new ResizeObserver(() => this.arrange());
    observer.observe(this.#stage);
    this.#stage.addEventListener('click', ({ target }) => this.#choose(target as Element), {
      signal: over,
    });
    over.addEventListener('abort', () => {
      observer.disconnect();
      for (const tile of this.#all) tile.remove();
    });
    this.arrange();
  }

  /** All tiles, the large one first. */
  get #all(): Tile[] {
    const tiles = [...this.#spotlights, ...this.#tiles];
    const pinned = this.#pinned;
    return pinned ? [pinned, ...tiles.filter((tile) => tile !== pinned)] : tiles;
  }

  add(tile: Tile): void {
    this.#tiles.push(tile);
    this.#stage.insertBefore(tile.element, this.#invitation);
    tile.onPin(() => this.#togglePin(tile));
    this.arrange();
  }

  /** The latest one is shown large, unless another tile is pinned. */
  addSpotlight(tile: Tile): void {
    this.#spotlights.unshift(tile);
    this.#stage.prepend(tile.element);
    tile.onPin(() => this.#togglePin(tile));
    this.arrange();
  }

  remove(tile: Tile): void {
    this.#tiles = this.#tiles.filter((each) => each !== tile);
    this.#spotlights = this.#spotlights.filter((each) => each !== tile);
    if (this.#pinned === tile) this.#pinned = null;
    tile.remove();
    this.arrange();
  }

  arrange(): void {
    const { width, height } = this.#stage.getBoundingClientRect();
    const isAlone = this.#tiles.length < 2;
    show(isAlone, this.#invitation);
    const shown = this.#all.map((tile) => tile.element);
    if (isAlone) shown.push(this.#invitation);
    const hasLarge = this.#pinned !== null || this.#spotlights.length > 0;
    const arrangeAll = hasLarge ? arrangeSpotlight : arrangeGrid;
    const gap = width < 700 ? 8 : 12;
    const places = arrangeAll(shown.length, { width, height, gap });
    places.forEach((place, index) => shown[index] && placeAt(shown[index], place));
  }

  #togglePin(tile: Tile): void {
    this.#pinned?.showPinned(false);
    this.#pinned = this.#pinned === tile ? null : tile;
    this.#pinned?.showPinned(true);
    this.arrange();
  }

  /** Fingers do not hover: a tap on a tile shows its buttons, another one hides them. */
  #choose(target: Element): void {
    if (target.closest('button')) return;
    const tile = target.closest('.tile');
    for (const each of this.#stage.children) {
      each.classList.toggle('chosen', each === tile && !each.classList.contains('chosen'));
    }
  }
}
