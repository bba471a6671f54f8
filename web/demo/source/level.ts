const kInterval = 100;
/** The root mean square of the samples for silence, and for the loudest speech. */
const kQuietest = -60;
const kLoudest = -12;

/** The length of a bar, 0 to 1, for an amplitude, 0 to 1: in decibels, as people hear it. */
export function loudness(amplitude: number): number {
  const decibels = 20 * Math.log10(Math.max(amplitude, 1e-6));
  return Math.min(1, Math.max(0, (decibels - kQuietest) / (kLoudest - kQuietest)));
}

/** Calls `onLevel` with the loudness of the track, ten times a second, until `stop`. */
export class LevelMeter {
  #context: AudioContext | null = null;
  #timer: number | undefined;
  #ending = new AbortController();
  readonly #onLevel: (level: number) => void;

  constructor(onLevel: (level: number) => void) {
    this.#onLevel = onLevel;
  }

  /** Listens to this track from now on, or to none (null). */
  listen(track: MediaStreamTrack | null): void {
    this.stop();
    if (!track) return;
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#context = context;
    this.#ending = new AbortController();
    // Some browsers let no page listen before it has been clicked.
    const resume = (): void => void context.resume();
    document.addEventListener('click', resume, { signal: this.#ending.signal });
    this.#timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      this.#onLevel(loudness(Math.sqrt(power)));
    }, kInterval);
  }

  stop(): void {
    window.clearInterval(this.#timer);
    this.#ending.abort();
    void this.#context?.close();
    this.#context = null;
    this.#onLevel(0);
  }
}

/** The loudness of the stream's tracks, as their senders have measured it. */
export function levelOf(connection: RTCPeerConnection | null, stream: MediaStream): number {
  const receivers = connection?.getReceivers() ?? [];
  const levels = receivers
    .filter(({ track }) => track.kind === 'audio' && stream.getTracks().includes(track))
    .flatMap((receiver) => receiver.getSynchronizationSources())
    .map(({ audioLevel }) => audioLevel ?? 0);
  return loudness(Math.max(0, ...levels));
}
