import type { Peer } from '@heliograph/client';
import { element, fromTemplate, paintPortrait, part } from './dom.js';
import { explain } from './explain.js';
import type { Kind } from './media.js';
import { nameOf } from './names.js';
import { tellNews } from './news.js';
import { texts } from './texts/index.js';
import { followMedia, type Visit } from './visit.js';

const kTexts = {
  audio: { asks: texts.asksForMicrophone, stay: texts.stayUnmuted, mute: texts.mute },
  video: { asks: texts.asksForCamera, stay: texts.stayOn, mute: texts.turnOff },
};

/** Asks a member to mute, as an owner. */
export async function askToMute({ call }: Visit, peer: Peer): Promise<void> {
  const name = nameOf(peer.info);
  try {
    await call.requestMute(peer.id, 'audio');
    tellNews(texts.isAskedToMute(name));
  } catch (error) {
    tellNews(explain(error));
  }
}

/** Shows a notice if an owner asks this person to mute. The person decides. */
export class MuteRequests {
  readonly #visit: Visit;
  readonly #notices = new Map<Kind, HTMLElement>();

  constructor(visit: Visit) {
    this.#visit = visit;
    const { call, media } = visit;
    call.on('mute-request', ({ peerId, kind }) => {
      if (media.isOn(kind)) this.#show(kind, nameOf(call.peers.get(peerId)?.info));
    });
    followMedia(visit, () => {
      for (const kind of this.#notices.keys()) {
        if (!media.isOn(kind)) this.#remove(kind);
      }
    });
    visit.over.addEventListener('abort', () => {
      for (const kind of this.#notices.keys()) this.#remove(kind);
    });
  }

  /** One notice for each kind, however often it is asked for. */
  #show(kind: Kind, name: string): void {
    this.#remove(kind);
    const { asks, stay, mute } = kTexts[kind];
    const notice = fromTemplate('mute-notice');
    paintPortrait(part(notice, '.portrait'), name);
    part(notice, 'strong').textContent = name;
    part(notice, '.asks').textContent = asks;
    const stayButton = part(notice, '[data-testid=stay]');
    stayButton.textContent = stay;
    stayButton.addEventListener('click', () => this.#remove(kind));
    const muteButton = part(notice, '[data-testid=mute]');
    muteButton.textContent = mute;
    muteButton.addEventListener('click', () => {
      this.#remove(kind);
      void this.#visit.media.toggle(kind);
    });
    this.#notices.set(kind, notice);
    element('candidates').append(notice);
  }

  #remove(kind: Kind): void {
    const notice = this.#notices.get(kind);
    if (!notice) return;
    this.#notices.delete(kind);
    if (notice.contains(document.activeElement)) element('main').focus();
    notice.remove();
  }
}
