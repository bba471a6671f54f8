// Drawn people before the cameras of the screenshots, instead of Chromium's green test picture.

/** Sits in the page before its own scripts come: camera and microphone are this portrait's. */
class Portrait {
  constructor({ face, hair, style, shirt, scene, glasses, speaks }) {
    Object.assign(this, { face, hair, style, shirt, scene, glasses, speaks });
    const canvas = document.createElement('canvas');
    this.canvas = Object.assign(canvas, { width: 960, height: 540 });
    this.drawing = this.canvas.getContext('2d');
    const draw = (time) => {
      this.draw(time);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
    this.sitDown();
  }

  /** Pages that ask for camera and microphone get these. */
  sitDown() {
    const labels = { audio: 'Microphone of the desk', video: 'Camera of the desk' };
    const devices = navigator.mediaDevices;
    devices.enumerateDevices = async () =>
      Object.entries(labels).map(([id, label]) => ({ kind: `${id}input`, deviceId: id, label }));
    MediaStreamTrack.prototype.getSettings = function getSettings() {
      return { deviceId: this.kind };
    };
    devices.getUserMedia = async ({ audio, video }) =>
      new MediaStream([
        ...(audio ? this.sound() : []),
        ...(video ? this.canvas.captureStream(24).getVideoTracks() : []),
      ]);
  }

  /** A voice, or hardly more than the silence of somebody who listens. */
  sound() {
    const context = new AudioContext();
    const output = context.createMediaStreamDestination();
    const volume = new GainNode(context, { gain: this.speaks ? 0.4 : 0.004 });
    const voice = new OscillatorNode(context, { frequency: 180 });
    voice.connect(volume).connect(output);
    voice.start();
    document.addEventListener('click', () => context.resume()); // Chromium asks for a gesture.
    return output.stream.getAudioTracks();
  }

  fill(colour, ...paths) {
    this.drawing.fillStyle = colour;
    for (const path of paths) this.drawing.fill(new Path2D(path));
  }

  stroke(colour, width, path) {
    Object.assign(this.drawing, { strokeStyle: colour, lineWidth: width, lineCap: 'round' });
    this.drawing.stroke(new Path2D(path));
  }

  oval(colour, x, y, width, height = width, end = 2 * Math.PI) {
    this.drawing.fillStyle = colour;
    this.drawing.beginPath();
    this.drawing.ellipse(x, y, width, height, 0, 0, end);
    this.drawing.fill();
  }

  shade([from, to], width) {
    const gradient = this.drawing.createLinearGradient(0, 0, width, 540);
    gradient.addColorStop(0, from);
    gradient.addColorStop(1, to);
    return gradient;
  }

  draw(time) {
    const nod = 3 * Math.sin(time / 800 + this.style.length);
    this.drawScene();
    this.drawing.setTransform(1, 0, 0, 1, 0, nod);
    this[`${this.style}Behind`]();
    this.drawing.resetTransform();
    this.drawBody();
    this.drawing.setTransform(1, 0, 0, 1, 0, nod);
    this.drawHead(time);
    this[`${this.style}Before`]();
    this.drawing.resetTransform();
  }

  drawScene() {
    const { sky, sun, hill } = this.scene;
    this.fill(this.shade(sky, 960), 'M0 0H960V540H0Z');
    this.oval(sun, 735, 150, 96);
    this.fill(hill, 'M0 420C220 330 380 350 560 400 720 440 860 390 960 350V540H0Z');
  }

  drawBody() {
    const [, shadow] = this.face;
    const shirt = 'M300 526a130 130 0 0 1 130-130h100a130 130 0 0 1 130 130v30H300Z';
    this.fill(this.shade([this.shirt, '#1b2130'], 1900), shirt);
    this.fill(shadow, 'M440 316h80v82a40 40 0 0 1-80 0Z');
  }

  drawHead(time) {
    const [skin, shadow] = this.face;
    for (const x of [384, 576]) this.oval(shadow, x, 236, 16, 24);
    this.oval(skin, 480, 230, 94, 116);
    for (const x of [443, 517]) this.drawEye(x, time % 4300 < 140);
    for (const x of [422, 538]) this.oval('rgb(214 92 70 / 20%)', x, 262, 20, 13);
    this.stroke('rgb(90 40 25 / 35%)', 4, 'M489 250a9 9 0 0 1-16 2');
    if (this.glasses) this.stroke('#2a2730', 5, 'M470 224h20');
    const open = 12 + 14 * Math.abs(Math.sin(time / 140));
    if (this.speaks) this.oval('#7a2a24', 480, 274, 26, open, Math.PI);
    else this.stroke('#8a352a', 5, 'M457 281a27 27 0 0 0 46 0');
  }

  drawEye(x, isBlinking) {
    this.oval('#1d1a22', x, 226, 7, isBlinking ? 1.5 : 8.5);
    this.stroke(this.hair, 6, `M${x - 15} 203a19 19 0 0 1 30 0`);
    const rim = `M${x - 27} 226a27 27 0 1 0 54 0 27 27 0 1 0-54 0`;
    if (this.glasses) this.stroke('#2a2730', 5, rim);
  }

  longBehind() {
    this.fill(this.hair, 'M362 228a118 118 0 0 1 236 0v96a112 112 0 0 1-236 0Z');
  }

  longBefore() {
    const parting = 'C560 178 500 176 452 168 420 186 396 210 380 250Z';
    this.fill(this.hair, `M380 250C350 62 610 62 580 250${parting}`);
  }

  curlyBehind() {
    for (const x of [378, 582]) this.oval(this.hair, x, 190, 66);
    for (const x of [420, 540]) this.oval(this.hair, x, 138, 70);
    for (const x of [372, 588]) this.oval(this.hair, x, 262, 48);
    this.oval(this.hair, 480, 128, 92);
  }

  curlyBefore() {
    for (const x of [404, 556]) this.oval(this.hair, x, 166, 36, 30);
    for (const x of [446, 480, 514]) this.oval(this.hair, x, 134, 36, 40);
  }

  bunBehind() {
    this.oval(this.hair, 480, 78, 52, 46);
  }

  bunBefore() {
    this.fill(this.hair, 'M380 196a100 98 0 0 1 200 0C560 150 400 150 380 196Z');
  }

  shortBehind() {}

  shortBefore() {
    const fringe = 'C572 166 548 160 480 160 412 160 388 166 380 214Z';
    this.fill(this.hair, `M380 214C368 76 592 76 580 214${fringe}`);
  }
}

const kPortraits = {
  Ada: {
    scene: { sky: ['#fbe3b4', '#f0a765'], sun: '#fff3cf', hill: '#d97f45' },
    shirt: '#8c3326',
    face: ['#f2c7a0', '#dfa880'],
    hair: '#43261a',
    style: 'long',
  },
  Ben: {
    scene: { sky: ['#cfe6e4', '#7fb3bd'], sun: '#f4fbf3', hill: '#4f8797' },
    shirt: '#23506b',
    face: ['#93603f', '#7a4d31'],
    hair: '#1f1612',
    style: 'short',
    glasses: true,
  },
  Cleo: {
    scene: { sky: ['#e6d9f2', '#a98fc9'], sun: '#fdf1dc', hill: '#7d63a6' },
    shirt: '#3f6b4d',
    face: ['#c98d62', '#ad744c'],
    hair: '#2b1a15',
    style: 'curly',
    speaks: true,
  },
  Dara: {
    scene: { sky: ['#f6dccb', '#d98f7c'], sun: '#fff0d6', hill: '#b2624f' },
    shirt: '#2f3a5c',
    face: ['#f4d3b5', '#e0b594'],
    hair: '#a8512a',
    style: 'bun',
  },
};

export const names = Object.keys(kPortraits);

/** The script to run in that person's page before its own ones. */
export function portraitOf(name) {
  return `new (${Portrait})(${JSON.stringify(kPortraits[name])})`;
}
