import type { PeerStats } from '@heliograph/client/stats';
import { fromTemplate, paintPortrait, part, show, showText } from './dom.js';
import type { Rectangle } from './layout.js';
import { bindPicture } from './picture.js';
import type { Speakers } from './speakers.js';
import { texts } from './texts/index.js';

/** Below this width a tile shows only the most important parts. */
const kSmall = 280;

const kConnectionTexts: Partial<Record<RTCPeerConnectionState, string>> = {
  new: texts.connecting,
  connecting: texts.connecting,
  disconnected: texts.connectionWeak,
  failed: texts.reconnecting,
};

const kQualities = {
  good: texts.connectionGood,
  fair: texts.connectionFair,
  poor: texts.connectionPoor,
  unknown: texts.connectionUnknown,
};

/** The meaning of the bars, in words. */
export function describeQuality({ quality, roundTripTime, relayed }: PeerStats): string {
  const details = [
    kQualities[quality],
    roundTripTime === null ? '' : `${Math.round(roundTripTime)} ms`,
    relayed ? texts.relayed : '',
  ];
  return details.filter(Boolean).join(', ');
}

function captionOf(name: string, isScreen: boolean, isSelf: boolean): string {
  if (isSelf) return isScreen ? texts.yourScreen : texts.nameOfSelf(name);
  return isScreen ? texts.screenOf(name) : name;
}

/** One picture on the stage: a person, or a shared screen. */
export class Tile {
  readonly element = fromTemplate('tile');
  readonly #video = part(this.element, 'video', HTMLVideoElement);
  readonly #caption: string;
  #speakers: Speakers | null = null;

  constructor(name: string, { isScreen = false, isSelf = false } = {}) {
    this.#caption = captionOf(name, isScreen, isSelf);
    const { classList, dataset } = this.element;
    classList.toggle('screen', isScreen);
    classList.toggle('self', isSelf);
    if (isScreen) dataset['testid'] = 'screen-tile';
    this.#video.muted = isSelf;
    part(this.element, '.name').textContent = this.#caption;
    this.#video.setAttribute('aria-label', isScreen ? texts.screenOf(name) : texts.videoOf(name));
    paintPortrait(part(this.element, '.portrait'), name);
    this.showVideo(isScreen);
    this.showPinned(false);
    bindPicture(part(this.element, '.picture'), this.#video, (isOut) => this.#showOut(isOut));
    this.#showOut(false);
  }

  /** A stream without tracks counts as none: while it waits for one, the page is still loading. */
  setStream(stream: MediaStream | null): void {
    const shown = stream?.getTracks().length ? stream : null;
    if (this.#video.srcObject !== shown) this.#video.srcObject = shown;
  }

  /** Plays its sound on the chosen device until it is removed. */
  playOn(speakers: Speakers): void {
    speakers.add(this.#video);
    this.#speakers = speakers;
  }

  /** Without its video a tile shows an initial. */
  showVideo(shown: boolean): void {
    this.element.classList.toggle('without-video', !shown);
    show(shown && (document.pictureInPictureEnabled ?? false), part(this.element, '.picture'));
  }

  showMuted(muted: boolean): void {
    show(muted, part(this.element, '.muted-mark', SVGElement));
  }

  showHand(raised: boolean): void {
    show(raised, part(this.element, '.hand-mark'));
  }

  /** Lets the owner of the room ask this person to mute. */
  onAskToMute(name: string, ask: () => void): void {
    const button = part(this.element, '.ask-to-mute');
    label(button, texts.askToMute(name));
    button.addEventListener('click', ask);
  }

  showAskToMute(shown: boolean): void {
    show(shown, part(this.element, '.ask-to-mute'));
  }

  /** Lets the person at the screen keep this picture large. */
  onPin(toggle: () => void): void {
    part(this.element, '.pin').addEventListener('click', toggle);
    this.element.addEventListener('dblclick', ({ target }) => {
      if (!(target as Element).closest('button')) toggle();
    });
  }

  showPinned(pinned: boolean): void {
    const button = part(this.element, '.pin');
    this.element.classList.toggle('pinned', pinned);
    label(button, pinned ? texts.unpin(this.#caption) : texts.pin(this.#caption));
  }

  showOwner(isOwner: boolean): void {
    show(isOwner, part(this.element, '.owner-mark'));
  }

  showSpeaking(speaking: boolean): void {
    this.element.classList.toggle('speaking', speaking);
  }

  showConnection(state: RTCPeerConnectionState): void {
    this.element.dataset['connection'] = state;
    showText(part(this.element, '.state'), kConnectionTexts[state] ?? null);
  }

  showQuality(stats: PeerStats): void {
    const mark = part(this.element, '.quality');
    mark.dataset['grade'] = stats.quality;
    label(mark, describeQuality(stats));
    show(stats.quality !== 'unknown', mark);
  }

  remove(): void {
    this.#speakers?.remove(this.#video);
    this.setStream(null);
    this.element.remove();
  }

  /** Whether the picture is in a window of its own. */
  #showOut(isOut: boolean): void {
    const text = isOut ? texts.takeBack(this.#caption) : texts.takeOut(this.#caption);
    this.element.classList.toggle('out', isOut);
    label(part(this.element, '.picture'), text);
  }
}

/** Labels an element that has no text of its own. */
function label(target: HTMLElement, text: string): void {
  target.setAttribute('aria-label', text);
  target.title = text;
}

/** Puts an element at its place on the stage. */
export function placeAt(target: HTMLElement, rectangle: Rectangle): void {
  target.classList.toggle('small', rectangle.width < kSmall);
  for (const side of ['x', 'y', 'width', 'height'] as const) {
    target.style.setProperty(`--${side}`, `${Math.floor(rectangle[side])}px`);
  }
}
