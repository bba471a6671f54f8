import { element, part, show } from './dom.js';
import { tellNews } from './news.js';
import { texts } from './texts/index.js';
import type { Tile } from './tile.js';
import type { Tiles } from './tiles.js';
import { onClick, type Visit } from './visit.js';

/** Shows one's screen to the others, by a button that starts and ends it. */
export class ScreenShare {
  readonly #visit: Visit;
  readonly #tiles: Tiles;
  readonly #button = element('share', HTMLButtonElement);
  #shared: { stream: MediaStream; tile: Tile } | null = null;

  constructor(visit: Visit, tiles: Tiles) {
    this.#visit = visit;
    this.#tiles = tiles;
    // Phones' browsers cannot.
    show('getDisplayMedia' in (navigator.mediaDevices ?? {}), this.#button);
    onClick(visit, this.#button, () => (this.#shared ? this.#stop() : void this.#start()));
    visit.over.addEventListener('abort', () => this.#stop());
    this.#refresh();
  }

  async #start(): Promise<void> {
    this.#button.disabled = true; // One picker at a time.
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });
      if (this.#visit.over.aborted) {
        stopTracks(stream);
        return;
      }
      this.#visit.call.publish(stream, 'screen');
      this.#shared = { stream, tile: this.#tiles.showOwnScreen(stream) };
      // The browser has a button of its own that ends it.
      stream.getVideoTracks()[0]?.addEventListener('ended', () => this.#stop());
    } catch (error) {
      const { name } = error as DOMException;
      if (name !== 'NotAllowedError') tellNews(texts.screenFailed(name));
    } finally {
      this.#button.disabled = false;
      this.#refresh();
    }
  }

  #stop(): void {
    if (!this.#shared) return;
    const { stream, tile } = this.#shared;
    this.#shared = null;
    stopTracks(stream);
    if (!this.#visit.over.aborted) this.#visit.call.unpublish('screen');
    this.#tiles.remove(tile);
    this.#refresh();
  }

  #refresh(): void {
    this.#button.classList.toggle('active', this.#shared !== null);
    part(this.#button, 'span').textContent = this.#shared ? texts.stopSharing : texts.share;
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
