const constraints = {
  audio: { echoCancellation: true, noiseSuppression: true },
  // Small on purpose: in a full mesh everyone encodes and sends once for each of the others.
  video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24 } },
};

const deviceNames = { audio: 'microphone', video: 'camera' };

const problems = {
  NotFoundError: (device) => `No ${device} was found. You can join without one.`,
  OverconstrainedError: (device) => `That ${device} is no longer there.`,
  NotAllowedError: (device) => `The browser does not let this page use the ${device}.`,
  NotReadableError: (device) => `The ${device} is in use by another program.`,
};

function explain(error, kind) {
  const device = deviceNames[kind];
  return problems[error.name]?.(device) ?? `The ${device} could not be started (${error.name}).`;
}

/**
 * The local camera and microphone. Either may be missing: the call goes on without it.
 * Tells "change" with `{kind}` when a track comes, goes, or is muted, and when devices do.
 */
export class Media extends EventTarget {
  stream = new MediaStream();
  /** Why there is no track of that kind, to be shown; null where there is nothing to say. */
  problems = { audio: null, video: null };
  /** `{audio, video}`: lists of `{id, label}`. */
  devices = { audio: [], video: [] };
  #turns = { audio: 0, video: 0 };

  /** Asks for both devices at once, so that the browser asks its user once; then for each alone. */
  async open() {
    if (!navigator.mediaDevices) {
      const problem = 'Camera and microphone need HTTPS, or a page opened from localhost.';
      this.problems = { audio: problem, video: problem };
      this.#changed('audio', 'video');
      return;
    }
    navigator.mediaDevices.addEventListener('devicechange', () => this.#listDevices());
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      for (const track of stream.getTracks()) this.#use(track);
      this.#changed('audio', 'video');
    } catch {
      await Promise.all([this.#acquire('audio'), this.#acquire('video')]);
    }
    await this.#listDevices();
  }

  track(kind) {
    return this.stream.getTracks().find((track) => track.kind === kind) ?? null;
  }

  /** The device in use, or null. */
  deviceId(kind) {
    return this.track(kind)?.getSettings().deviceId ?? null;
  }

  /** What the others are told. */
  get state() {
    return {
      camera: this.track('video') !== null,
      microphone: this.track('audio')?.enabled ?? false,
    };
  }

  /** Changes to another device; null means none. */
  async choose(kind, deviceId) {
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

  /** Mutes or unmutes; a camera is released while it is off, so that its light goes out. */
  async toggle(kind) {
    const track = this.track(kind);
    if (!track) {
      await this.choose(kind, undefined);
    } else if (kind === 'video') {
      await this.choose(kind, null);
    } else {
      track.enabled = !track.enabled;
      this.#changed(kind);
    }
  }

  async #acquire(kind, deviceId) {
    if (!navigator.mediaDevices) return;
    const turn = ++this.#turns[kind];
    const enabled = this.track(kind)?.enabled ?? true; // Who is muted stays so on another device.
    this.#drop(kind); // First, as some cameras cannot be opened twice.
    const wanted = deviceId
      ? { ...constraints[kind], deviceId: { exact: deviceId } }
      : constraints[kind];
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ [kind]: wanted });
      const [track] = stream.getTracks();
      if (turn !== this.#turns[kind]) return track.stop(); // Another choice was made meanwhile.
      track.enabled = enabled;
      this.#use(track);
    } catch (error) {
      if (turn !== this.#turns[kind]) return;
      this.problems[kind] = explain(error, kind);
    }
    this.#changed(kind);
  }

  #use(track) {
    this.#drop(track.kind);
    this.stream.addTrack(track);
    this.problems[track.kind] = null;
    track.addEventListener('ended', () => {
      this.stream.removeTrack(track);
      this.problems[track.kind] = `The ${deviceNames[track.kind]} was switched off or unplugged.`;
      this.#changed(track.kind);
    });
  }

  #drop(kind) {
    const track = this.track(kind);
    if (!track) return;
    track.stop();
    this.stream.removeTrack(track);
  }

  async #listDevices() {
    const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    for (const kind of ['audio', 'video']) {
      this.devices[kind] = found
        .filter((device) => device.kind === `${kind}input` && device.deviceId)
        .map(({ deviceId, label }) => ({ id: deviceId, label: label || deviceNames[kind] }));
    }
    this.#changed('audio', 'video');
  }

  #changed(...kinds) {
    for (const kind of kinds) this.dispatchEvent(new CustomEvent('change', { detail: { kind } }));
  }
}
