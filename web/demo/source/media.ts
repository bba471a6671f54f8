import { Emitter } from '@heliograph/client';
import { texts } from './texts/index.js';

export type Kind = 'audio' | 'video';
export const kKinds: readonly Kind[] = ['audio', 'video'];

const kSound = { echoCancellation: true, noiseSuppression: true };

const kNames = { audio: texts.microphone, video: texts.camera };
const kEnded = { audio: texts.microphoneEnded, video: texts.cameraEnded };
const kFailed = { audio: texts.microphoneFailed, video: texts.cameraFailed };

/** The texts for the browser's errors, by their names. */
const kProblems: Record<string, Record<Kind, string>> = {
  NotFoundError: { audio: texts.microphoneNotFound, video: texts.cameraNotFound },
  OverconstrainedError: { audio: texts.microphoneGone, video: texts.cameraGone },
  NotAllowedError: { audio: texts.microphoneForbidden, video: texts.cameraForbidden },
  NotReadableError: { audio: texts.microphoneBusy, video: texts.cameraBusy },
};

function explain(error: unknown, kind: Kind): string {
  const { name } = error as DOMException;
  return kProblems[name]?.[kind] ?? kFailed[kind](name);
}

/** The size of a picture, and the number of pictures per second. */
export interface Picture {
  width: number;
  height: number;
  frameRate: number;
}

/** Small, because in a full mesh everyone encodes and sends once for each of the others. */
const kPicture: Picture = { width: 640, height: 360, frameRate: 24 };

const constraintsOf = ({ width, height, frameRate }: Picture): MediaTrackConstraints => ({
  width: { ideal: width },
  height: { ideal: height },
  frameRate: { ideal: frameRate },
});

export interface Device {
  id: string;
  label: string;
}

/** The state of the devices, for the others. */
export interface MediaStatus {
  camera: boolean;
  microphone: boolean;
}

/**
 * The local camera and microphone. Either may be missing: the call works without it. Emits "change"
 * when a track is added, removed or muted, and when the list of devices changes.
 */
export class Media extends Emitter<{ change: { kind: Kind } }> {
  readonly stream = new MediaStream();
  /** A text that says why there is no track of that kind; null if there is nothing to say. */
  readonly problems: Record<Kind, string | null> = { audio: null, video: null };
  readonly devices: Record<Kind, Device[]> = { audio: [], video: [] };
  /** The devices for sound; empty if the browser does not list them. */
  speakers: Device[] = [];
  /** Whether the browser has not been asked yet, or its user has not answered yet. */
  isOpening = true;
  readonly #turns = { audio: 0, video: 0 };
  #picture = kPicture;

  /** Asks for both devices at once, so that the browser asks its user once, then for each alone. */
  async open(): Promise<void> {
    if (navigator.mediaDevices) {
      navigator.mediaDevices.addEventListener('devicechange', () => void this.#listDevices());
      await this.#openBoth();
    } else {
      const problem = texts.devicesNeedHttps;
      Object.assign(this.problems, { audio: problem, video: problem });
    }
    this.isOpening = false;
    await this.#listDevices();
  }

  track(kind: Kind): MediaStreamTrack | null {
    return this.stream.getTracks().find((track) => track.kind === kind) ?? null;
  }

  /** The device in use, or null; "?" if the browser does not say which. */
  deviceId(kind: Kind): string | null {
    const track = this.track(kind);
    return track && (track.getSettings().deviceId ?? '?');
  }

  isOn(kind: Kind): boolean {
    return this.track(kind)?.enabled ?? false;
  }

  get status(): MediaStatus {
    return { camera: this.isOn('video'), microphone: this.isOn('audio') };
  }

  /** Changes to another device, or the usual one; null means none. */
  async choose(kind: Kind, deviceId?: string | null): Promise<void> {
    this.problems[kind] = null;
    if (deviceId === null) {
      this.#turns[kind] += 1;
      this.#drop(kind);
      this.#changed(kind);
    } else {
      await this.#acquire(kind, deviceId);
    }
    await this.#listDevices();
  }

  /** A smaller picture from now on; null for the usual one. */
  limit(picture: Picture | null): void {
    const wanted = picture ?? kPicture;
    if (wanted === this.#picture) return;
    this.#picture = wanted;
    // If the camera cannot do that, it stays as it is.
    void this.track('video')
      ?.applyConstraints(constraintsOf(wanted))
      .catch(() => {});
  }

  get #constraints(): Record<Kind, MediaTrackConstraints> {
    return { audio: kSound, video: constraintsOf(this.#picture) };
  }

  /** Mutes or unmutes; a camera is released while it is off, so that its light goes out. */
  async toggle(kind: Kind): Promise<void> {
    const track = this.track(kind);
    if (!track) {
      await this.choose(kind);
    } else if (kind === 'video') {
      await this.choose(kind, null);
    } else {
      track.enabled = !track.enabled;
      this.#changed(kind);
    }
  }

  async #openBoth(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(this.#constraints);
      for (const track of stream.getTracks()) this.#use(track);
    } catch {
      await Promise.all(kKinds.map((kind) => this.#acquire(kind)));
    }
  }

  async #acquire(kind: Kind, deviceId?: string): Promise<void> {
    if (!navigator.mediaDevices) return;
    const turn = ++this.#turns[kind];
    const enabled = this.track(kind)?.enabled ?? true; // Another device stays muted, too.
    this.#drop(kind); // First, as some cameras cannot be opened twice.
    const common = this.#constraints[kind];
    const wanted = deviceId ? { ...common, deviceId: { exact: deviceId } } : common;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ [kind]: wanted });
      for (const track of stream.getTracks()) {
        track.enabled = enabled;
        if (turn === this.#turns[kind]) this.#use(track);
        else track.stop(); // Another choice was made meanwhile.
      }
      if (turn !== this.#turns[kind]) return;
    } catch (error) {
      if (turn !== this.#turns[kind]) return;
      this.problems[kind] = explain(error, kind);
    }
    this.#changed(kind);
  }

  #use(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    this.#drop(kind);
    this.stream.addTrack(track);
    this.problems[kind] = null;
    track.addEventListener('ended', () => {
      this.stream.removeTrack(track);
      this.problems[kind] = kEnded[kind];
      this.#changed(kind);
    });
  }

  #drop(kind: Kind): void {
    const track = this.track(kind);
    if (!track) return;
    track.stop();
    this.stream.removeTrack(track);
  }

  async #listDevices(): Promise<void> {
    const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const those = (kind: MediaDeviceKind, name: string): Device[] =>
      found
        .filter((device) => device.kind === kind && device.deviceId)
        .map(({ deviceId, label }) => ({ id: deviceId, label: label || name }));
    for (const kind of kKinds) this.devices[kind] = those(`${kind}input`, kNames[kind]);
    this.speakers = those('audiooutput', texts.speaker);
    this.#changed(...kKinds);
  }

  #changed(...kinds: Kind[]): void {
    for (const kind of kinds) this.emit('change', { kind });
  }
}
