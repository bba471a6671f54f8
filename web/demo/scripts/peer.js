/**
 * The connection to one other person: WebRTC's "perfect negotiation". Every step (making an offer,
 * taking a description, adding a candidate) goes through one queue and is finished before the next
 * begins, so `signalingState` alone tells whether two offers have met.
 *
 * Tells "change" when the stream, the connection's state or `remoteState` changes.
 */
export class Peer extends EventTarget {
  /** What the other one sends: `{camera, microphone}`, both booleans; null until it has said. */
  remoteState = null;
  /** The tracks that arrive. */
  stream = new MediaStream();

  #connection;
  #polite;
  #media;
  #relay;
  #queue = Promise.resolve();
  #heldCandidates = [];
  #senders = new Map();
  #stateChannel = null;

  /**
   * `polite`: gives way when two offers meet; exactly one of two peers may be. `media`: the local
   * `stream`, `state` and `track(kind)`. `relay`: `description(…)` and `candidate(…)` bring ours to
   * the other side.
   */
  constructor({ iceServers, polite, media, relay }) {
    super();
    this.#polite = polite;
    this.#media = media;
    this.#relay = relay;
    this.#connection = new RTCPeerConnection({ iceServers });
    this.#listen();
  }

  /** One of RTCPeerConnectionState. */
  get connectionState() {
    return this.#connection.connectionState;
  }

  /** Begins the call: only one side does, the other one answers. */
  start() {
    const streams = [this.#media.stream];
    for (const kind of ['audio', 'video']) {
      // Also without a track: a microphone or camera turned on later then needs no new offer.
      const { sender } = this.#connection.addTransceiver(this.#media.track(kind) ?? kind, {
        streams,
      });
      this.#senders.set(kind, sender);
    }
    this.#useStateChannel(this.#connection.createDataChannel('state'));
  }

  receiveDescription(description) {
    this.#enqueue(() => this.#applyDescription(description));
  }

  receiveCandidate(candidate) {
    this.#enqueue(() => this.#applyCandidate(candidate));
  }

  /** Sends the local track of that kind as it is now, and says so to the other side. */
  async refreshTrack(kind) {
    this.#sendState();
    await this.#senders.get(kind)?.replaceTrack(this.#media.track(kind));
  }

  close() {
    this.#connection.close();
  }

  #listen() {
    const connection = this.#connection;
    connection.addEventListener('negotiationneeded', () => this.#enqueue(() => this.#offer()));
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate) this.#relay.candidate(candidate.toJSON());
    });
    connection.addEventListener('track', ({ track }) => {
      this.stream.addTrack(track);
      for (const event of ['mute', 'unmute']) track.addEventListener(event, () => this.#changed());
      this.#changed();
    });
    connection.addEventListener('datachannel', ({ channel }) => this.#useStateChannel(channel));
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed') connection.restartIce();
      this.#changed();
    });
  }

  async #offer() {
    if (this.#connection.signalingState !== 'stable') return; // The event comes again when it is.
    await this.#connection.setLocalDescription();
    this.#relayDescription();
  }

  async #applyDescription(description) {
    const offered = description.type === 'offer';
    const expected = offered ? 'stable' : 'have-local-offer';
    const collides = this.#connection.signalingState !== expected;
    if (collides && !(offered && this.#polite)) return; // It gives way, or its answer is late.
    await this.#connection.setRemoteDescription(description); // Takes back our offer if need be.
    await this.#addHeldCandidates();
    if (!offered) return;
    await this.#sendOnOfferedMedia();
    await this.#connection.setLocalDescription();
    this.#relayDescription();
  }

  /** Candidates may overtake the description they belong to; then they are kept for it. */
  async #applyCandidate(candidate) {
    if (this.#belongsToRemoteDescription(candidate)) {
      await this.#connection.addIceCandidate(candidate);
    } else {
      this.#heldCandidates.push(candidate);
    }
  }

  async #addHeldCandidates() {
    const candidates = this.#heldCandidates;
    this.#heldCandidates = []; // The rest belongs to an offer that was not taken.
    for (const candidate of candidates.filter((each) => this.#belongsToRemoteDescription(each))) {
      await this.#connection.addIceCandidate(candidate);
    }
  }

  #belongsToRemoteDescription({ usernameFragment }) {
    const description = this.#connection.remoteDescription;
    if (!description) return false;
    return !usernameFragment || description.sdp.includes(`a=ice-ufrag:${usernameFragment}\r\n`);
  }

  /** Puts our tracks on the audio and video that the other side has offered. */
  async #sendOnOfferedMedia() {
    const transceivers = this.#connection.getTransceivers();
    for (const leftover of transceivers.filter(({ mid }) => mid === null)) leftover.stop();
    for (const kind of ['audio', 'video']) {
      const transceiver = transceivers.find(
        ({ mid, receiver }) => mid !== null && receiver.track.kind === kind,
      );
      if (!transceiver || transceiver.currentDirection === 'stopped') continue;
      transceiver.direction = 'sendrecv';
      this.#senders.set(kind, transceiver.sender);
      transceiver.sender.setStreams?.(this.#media.stream);
      await transceiver.sender.replaceTrack(this.#media.track(kind));
    }
  }

  #relayDescription() {
    const { type, sdp } = this.#connection.localDescription;
    this.#relay.description({ type, sdp });
  }

  #useStateChannel(channel) {
    this.#stateChannel = channel;
    channel.addEventListener('open', () => this.#sendState());
    channel.addEventListener('message', ({ data }) => {
      const { camera, microphone } = JSON.parse(data);
      this.remoteState = { camera: camera === true, microphone: microphone === true };
      this.#changed();
    });
  }

  #sendState() {
    if (this.#stateChannel?.readyState === 'open') {
      this.#stateChannel.send(JSON.stringify(this.#media.state));
    }
  }

  #enqueue(step) {
    this.#queue = this.#queue
      .then(() => this.#connection.signalingState === 'closed' || step())
      .catch((error) => this.#connection.signalingState === 'closed' || reportError(error));
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
