import type { Device, Media } from './media.js';
import { recall, remember } from './memory.js';

const kName = 'speaker';

/** Plays the others' sound on the chosen device, if the browser lets a page choose. */
export class Speakers {
  readonly #media: Media;
  readonly #outputs = new Set<HTMLMediaElement>();
  #chosen = recall(kName);
  #id = '';

  constructor(media: Media) {
    this.#media = media;
    media.on('change', () => this.#refresh());
  }

  /** Empty if there is nothing to choose from. */
  get devices(): readonly Device[] {
    return 'setSinkId' in HTMLMediaElement.prototype ? this.#media.speakers : [];
  }

  /** The device in use; empty for the system's. */
  get id(): string {
    return this.#id;
  }

  choose(id: string): void {
    this.#chosen = id;
    remember(kName, id || null);
    this.#refresh();
  }

  /** Plays this element on the chosen device from now on. */
  add(output: HTMLMediaElement): void {
    this.#outputs.add(output);
    if (this.#id) this.#route(output);
  }

  remove(output: HTMLMediaElement): void {
    this.#outputs.delete(output);
  }

  /** A device that is unplugged gives way to the system's, until it is there again. */
  #refresh(): void {
    const id = this.devices.find((device) => device.id === this.#chosen)?.id ?? '';
    if (id === this.#id) return;
    this.#id = id;
    for (const output of this.#outputs) this.#route(output);
  }

  #route(output: HTMLMediaElement): void {
    void output.setSinkId(this.#id).catch(() => {}); // It was just unplugged: an event follows.
  }
}
