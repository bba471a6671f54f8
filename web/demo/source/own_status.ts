import { type Call, Emitter } from '@heliograph/client';
import type { Media } from './media.js';

/** Sends one's own status to the others whenever it changes. */
export class OwnStatus extends Emitter<{ change: { hand: boolean } }> {
  readonly #call: Call;
  readonly #media: Media;
  #hand = false;

  constructor(call: Call, media: Media, over: AbortSignal) {
    super();
    this.#call = call;
    this.#media = media;
    over.addEventListener(
      'abort',
      media.on('change', () => this.#send()),
    );
  }

  get hand(): boolean {
    return this.#hand;
  }

  set hand(hand: boolean) {
    this.#hand = hand;
    this.#send();
    this.emit('change', { hand });
  }

  #send(): void {
    this.#call.setStatus({ ...this.#media.status, hand: this.#hand });
  }
}
