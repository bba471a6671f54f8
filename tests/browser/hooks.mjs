// Functions that run in a page before its own scripts.

/** Keeps every RTCPeerConnection in `window.connections`. */
export function rememberConnections() {
  window.connections = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...values) {
      super(...values);
      window.connections.push(this);
    }
  };
}

/** Keeps in `window.tones` the frequency of every tone that the page plays. */
export function rememberTones() {
  window.tones = [];
  window.OscillatorNode = class extends OscillatorNode {
    start(...values) {
      window.tones.push(this.frequency.value);
      super.start(...values);
    }
  };
}

/** A browser that has pictures in pictures, though it has no screen. */
export function pretendPictures() {
  let pictured = null;
  const define = (name, get) =>
    Object.defineProperty(Document.prototype, name, { get, configurable: true });
  define('pictureInPictureEnabled', () => true);
  define('pictureInPictureElement', () => pictured);
  const leave = () => {
    const left = pictured;
    pictured = null;
    left?.dispatchEvent(new Event('leavepictureinpicture'));
  };
  const enter = (video) => {
    leave();
    pictured = video;
    video.dispatchEvent(new Event('enterpictureinpicture'));
  };
  Document.prototype.exitPictureInPicture = async () => leave();
  HTMLVideoElement.prototype.requestPictureInPicture = async function () {
    enter(this);
  };
}

/** Counts in `window.histories` how often somebody has told what was said before. */
export function countHistories() {
  window.histories = 0;
  const { createDataChannel } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createDataChannel = function (...values) {
    const channel = createDataChannel.apply(this, values);
    channel.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && data.includes('"chatHistory":[')) window.histories += 1;
    });
    return channel;
  };
}

/**
 * No remote description is applied before `window.releaseDescriptions()`. Keeps connections in
 * `window.connections`, each with the number of candidates it has `gathered`.
 */
export function holdDescriptions() {
  window.connections = [];
  const released = new Promise((resolve) => {
    window.releaseDescriptions = resolve;
  });
  window.RTCPeerConnection = class extends RTCPeerConnection {
    gathered = 0;

    constructor(...values) {
      super(...values);
      window.connections.push(this);
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.candidate) this.gathered += 1;
      });
    }

    async setRemoteDescription(...values) {
      await released;
      return super.setRemoteDescription(...values);
    }
  };
}
