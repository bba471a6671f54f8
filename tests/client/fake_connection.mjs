import assert from 'node:assert/strict';

/** An EventTarget that also has its handlers called: `onopen` and so on. */
class FakeChannel extends EventTarget {
  readyState = 'connecting';
  bufferedAmount = 0;

  dispatchEvent(event) {
    this[`on${event.type}`]?.(event);
    return super.dispatchEvent(event);
  }
}

/** As much of an RTCPeerConnection as a negotiation sees. `log` holds what was done to it. */
export class FakeConnection extends EventTarget {
  signalingState = 'stable';
  connectionState = 'new';
  localDescription = null;
  remoteDescription = null;
  log = [];
  #offers = 0;

  createDataChannel(label, init) {
    return Object.assign(new FakeChannel(), { label, ...init });
  }

  addTransceiver(track, init) {
    this.log.push(`send ${track.kind ?? track} ${init.direction}`);
    const encoding = {};
    return {
      stop: () => this.log.push('stop'),
      sender: {
        replaceTrack: async (other) => this.log.push(`replace ${other?.id ?? null}`),
        getParameters: () => ({ encodings: [{ ...encoding }] }),
        setParameters: async ({ encodings: [{ maxBitrate }] }) => {
          encoding.maxBitrate = maxBitrate;
          this.log.push(`limit ${maxBitrate}`);
        },
      },
    };
  }

  async setLocalDescription() {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.#offers += 1;
    this.localDescription = { type, sdp: `a=ice-ufrag:own${this.#offers}\r\n` };
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    this.log.push(`local ${type}`);
  }

  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    this.log.push(`remote ${description.type}`);
  }

  async addIceCandidate({ candidate }) {
    assert.ok(this.remoteDescription, 'a candidate before any remote description');
    this.log.push(`candidate ${candidate}`);
  }

  setConfiguration({ iceServers }) {
    this.log.push(`configure ${iceServers}`);
  }

  restartIce() {
    this.log.push('restart');
  }

  close() {
    this.log.push('close');
  }

  tell(name, fields = {}) {
    this.dispatchEvent(Object.assign(new Event(name), fields));
  }
}
