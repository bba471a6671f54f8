import { element } from './dom.js';
import { recall, remember } from './memory.js';
import type { Visit } from './visit.js';

const kName = 'knock-sound';
const kOff = 'off';
/** Two soft knocks, as on wood: hertz, seconds, and how loud they are. */
const kTones = [
  { frequency: 587, start: 0 },
  { frequency: 784, start: 0.16 },
];
const kDuration = 0.45;
const kVolume = 0.12;

function playTone(context: AudioContext, frequency: number, start: number): void {
  const tone = new OscillatorNode(context, { frequency, type: 'triangle' });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(kVolume, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + kDuration);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + kDuration);
}

/** Plays a sound for owners when somebody asks to come in, unless they turned it off. */
export class KnockSound {
  readonly #switch = element('knock-sound', HTMLInputElement);
  #context: AudioContext | null = null;

  constructor(visit: Visit) {
    this.#switch.checked = recall(kName) !== kOff;
    const choose = (): void => {
      remember(kName, this.#switch.checked ? null : kOff);
      this.#play(); // As a sample.
    };
    this.#switch.addEventListener('change', choose, { signal: visit.over });
    visit.call.on('join-request', () => this.#play());
    visit.over.addEventListener('abort', () => void this.#context?.close());
  }

  /** Silent on a page that was not touched yet: browsers would play the sound later, at a click. */
  #play(): void {
    if (!this.#switch.checked || !navigator.userActivation?.hasBeenActive) return;
    const context = (this.#context ??= new AudioContext());
    void context.resume();
    for (const { frequency, start } of kTones) {
      playTone(context, frequency, context.currentTime + start);
    }
  }
}
