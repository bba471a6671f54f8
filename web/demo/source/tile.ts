import type { PeerStats } from '@heliograph/client/stats';
import { fromTemplate, paintPortrait, part, show, showText } from './dom.js';
import type { Rectangle } from './layout.js';
import { texts } from './texts/index.js';

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

/** What the bars say, in words. */
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

/** One picture on the stage: a person, or what somebody shows of a screen. */
export class Tile {
  readonly element = fromTemplate('tile');
  readonly #video = part<HTMLVideoElement>(this.element, 'video');

  constructor(name: string, { isScreen = false, isSelf = false } = {}) {
    const { classList, dataset } = this.element;
    classList.toggle('screen', isScreen);
    classList.toggle('self', isSelf);
    if (isScreen) dataset['testid'] = 'screen-tile';
    this.#video.muted = isSelf;
    part(this.element, '.name').textContent = captionOf(name, isScreen, isSelf);
    this.#video.setAttribute('aria-label', isScreen ? texts.screenOf(name) : texts.videoOf(name));
    paintPortrait(part(this.element, '.portrait'), name);
    this.showVideo(isScreen);
  }

  setStream(stream: MediaStream | null): void {
    if (this.#video.srcObject !== stream) this.#video.srcObject = stream;
  }

  /** Without its video a tile shows an initial. */
  showVideo(shown: boolean): void {
    this.element.classList.toggle('without-video', !shown);
  }

  showMuted(muted: boolean): void {
    show(muted, part(this.element, '.muted-mark'));
  }

  /** Lets the owner of the room ask this person to mute. */
  onAskToMute(name: string, ask: () => void): void {
    const button = part<HTMLButtonElement>(this.element, '.ask-to-mute');
    button.setAttribute('aria-label', texts.askToMute(name));
    button.title = texts.askToMute(name);
    button.addEventListener('click', ask);
  }

  showAskToMute(shown: boolean): void {
    show(shown, part(this.element, '.ask-to-mute'));
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
    const text = describeQuality(stats);
    mark.dataset['grade'] = stats.quality;
    mark.setAttribute('aria-label', text);
    mark.title = text;
    show(stats.quality !== 'unknown', mark);
  }

  place({ x, y, width, height }: Rectangle): void {
    placeAt(this.element, { x, y, width, height });
  }

  remove(): void {
    this.setStream(null);
    this.element.remove();
  }
}

/** Puts what stands on the stage at its place. */
export function placeAt(target: HTMLElement, rectangle: Rectangle): void {
  for (const [side, pixels] of Object.entries(rectangle)) {
    target.style.setProperty(`--${side}`, `${Math.floor(pixels)}px`);
  }
}
