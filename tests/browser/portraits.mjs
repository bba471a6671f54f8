// Drawn people before the cameras of the screenshots, instead of Chromium's green test picture.

/** Runs in the page before its own scripts: camera and microphone are this portrait's. */
function sitForPortrait({ wall, sun, shirt, skin, hair, style, glasses, speaks }) {
  const kWidth = 960;
  const kHeight = 540;
  const canvas = Object.assign(document.createElement('canvas'), { width: kWidth, height: kHeight });
  const drawing = canvas.getContext('2d');

  const fill = (colour, draw) => {
    drawing.fillStyle = colour;
    drawing.beginPath();
    draw();
    drawing.fill();
  };
  const stroke = (colour, width, draw) => {
    Object.assign(drawing, { strokeStyle: colour, lineWidth: width, lineCap: 'round' });
    drawing.beginPath();
    draw();
    drawing.stroke();
  };
  const oval = (colour, x, y, width, height) =>
    fill(colour, () => drawing.ellipse(x, y, width, height, 0, 0, 2 * Math.PI));
  const shade = (from, to, x = kWidth) => {
    const gradient = drawing.createLinearGradient(0, 0, x, kHeight);
    gradient.addColorStop(0, from);
    gradient.addColorStop(1, to);
    return gradient;
  };

  const drawRoom = () => {
    drawing.fillStyle = shade(wall[0], wall[1]);
    drawing.fillRect(0, 0, kWidth, kHeight);
    oval(sun, 735, 150, 96, 96);
    fill(wall[2], () => {
      drawing.moveTo(0, 420);
      drawing.bezierCurveTo(220, 330, 380, 350, 560, 400);
      drawing.bezierCurveTo(720, 440, 860, 390, 960, 350);
      drawing.lineTo(960, 540);
      drawing.lineTo(0, 540);
    });
  };

  const hairBehind = {
    long: (nod) => fill(hair, () => drawing.roundRect(362, 116 + nod, 236, 320, 112)),
    curly: (nod) => {
      for (const [x, y, radius] of [[378, 190, 66], [582, 190, 66], [480, 128, 92], [420, 138, 70], [540, 138, 70], [372, 262, 48], [588, 262, 48]]) {
        oval(hair, x, y + nod, radius, radius);
      }
    },
    bun: (nod) => oval(hair, 480, 78 + nod, 52, 46),
    short: () => {},
  };
  const hairBefore = {
    long: (nod) => fill(hair, () => {
      drawing.moveTo(380, 250 + nod);
      drawing.bezierCurveTo(350, 62 + nod, 610, 62 + nod, 580, 250 + nod);
      drawing.bezierCurveTo(560, 178 + nod, 500, 176 + nod, 452, 168 + nod);
      drawing.bezierCurveTo(420, 186 + nod, 396, 210 + nod, 382, 246 + nod);
    }),
    curly: (nod) => {
      for (const [x, y] of [[404, 166], [446, 146], [480, 138], [514, 146], [556, 166]]) {
        oval(hair, x, y + nod, 36, 30);
      }
    },
    bun: (nod) => fill(hair, () => {
      drawing.ellipse(480, 196 + nod, 100, 98, 0, Math.PI, 2 * Math.PI);
      drawing.bezierCurveTo(560, 150 + nod, 400, 150 + nod, 380, 196 + nod);
    }),
    short: (nod) => fill(hair, () => {
      drawing.moveTo(380, 214 + nod);
      drawing.bezierCurveTo(368, 76 + nod, 592, 76 + nod, 580, 214 + nod);
      drawing.bezierCurveTo(572, 166 + nod, 548, 160 + nod, 480, 160 + nod);
      drawing.bezierCurveTo(412, 160 + nod, 388, 166 + nod, 380, 214 + nod);
    }),
  };

  const drawFace = (nod, time) => {
    const isBlinking = time % 4300 < 140;
    for (const side of [-1, 1]) {
      const x = 480 + 37 * side;
      oval('#1d1a22', x, 226 + nod, 7, isBlinking ? 1.5 : 8.5);
      stroke(hair, 6, () => drawing.arc(x, 214 + nod, 19, 1.2 * Math.PI, 1.8 * Math.PI));
      oval('rgb(214 92 70 / 20%)', 480 + 58 * side, 262 + nod, 20, 13);
      if (glasses) stroke('#2a2730', 5, () => drawing.arc(x, 226 + nod, 27, 0, 2 * Math.PI));
    }
    if (glasses) stroke('#2a2730', 5, () => { drawing.moveTo(470, 224 + nod); drawing.lineTo(490, 224 + nod); });
    stroke('rgb(90 40 25 / 35%)', 4, () => drawing.arc(480, 246 + nod, 9, 0.15 * Math.PI, 0.75 * Math.PI));
    const open = speaks ? 6 + 7 * Math.abs(Math.sin(time / 140)) : 0;
    if (speaks) fill('#7a2a24', () => drawing.ellipse(480, 274 + nod, 26, 2 * open, 0, 0, Math.PI));
    else stroke('#8a352a', 5, () => drawing.arc(480, 266 + nod, 27, 0.18 * Math.PI, 0.82 * Math.PI));
  };

  const draw = (time) => {
    const nod = 3 * Math.sin(time / 800 + shirt.length);
    drawRoom();
    hairBehind[style](nod);
    fill(shade(shirt, '#1b2130', 1900), () => drawing.roundRect(300, 396, 360, 300, 130));
    fill(skin[1], () => drawing.roundRect(440, 316, 80, 120, 38));
    oval(skin[1], 384, 236 + nod, 16, 24);
    oval(skin[1], 576, 236 + nod, 16, 24);
    oval(skin[0], 480, 230 + nod, 94, 116);
    drawFace(nod, time);
    hairBefore[style](nod);
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);

  /** A voice, or the silence of somebody who listens. */
  const makeSound = () => {
    const context = new AudioContext();
    const output = context.createMediaStreamDestination();
    const volume = new GainNode(context, { gain: speaks ? 0.4 : 0.004 });
    const voice = new OscillatorNode(context, { frequency: 180 });
    voice.connect(volume).connect(output);
    voice.start();
    document.addEventListener('click', () => context.resume()); // Chromium asks for a gesture.
    return output.stream.getAudioTracks();
  };
  const kinds = { audio: 'Microphone of the desk', video: 'Camera of the desk' };
  navigator.mediaDevices.enumerateDevices = async () =>
    Object.entries(kinds).map(([kind, label]) => ({ kind: `${kind}input`, deviceId: kind, label }));
  MediaStreamTrack.prototype.getSettings = function getSettings() {
    return { deviceId: this.kind };
  };
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) =>
    new MediaStream([
      ...(audio ? makeSound() : []),
      ...(video ? canvas.captureStream(24).getVideoTracks() : []),
    ]);
}

const kPortraits = {
  Ada: {
    wall: ['#fbe3b4', '#f0a765', '#d97f45'],
    sun: '#fff3cf',
    shirt: '#8c3326',
    skin: ['#f2c7a0', '#dfa880'],
    hair: '#43261a',
    style: 'long',
  },
  Ben: {
    wall: ['#cfe6e4', '#7fb3bd', '#4f8797'],
    sun: '#f4fbf3',
    shirt: '#23506b',
    skin: ['#93603f', '#7a4d31'],
    hair: '#1f1612',
    style: 'short',
    glasses: true,
  },
  Cleo: {
    wall: ['#e6d9f2', '#a98fc9', '#7d63a6'],
    sun: '#fdf1dc',
    shirt: '#3f6b4d',
    skin: ['#c98d62', '#ad744c'],
    hair: '#2b1a15',
    style: 'curly',
    speaks: true,
  },
  Dara: {
    wall: ['#f6dccb', '#d98f7c', '#b2624f'],
    sun: '#fff0d6',
    shirt: '#2f3a5c',
    skin: ['#f4d3b5', '#e0b594'],
    hair: '#a8512a',
    style: 'bun',
  },
};

export const names = Object.keys(kPortraits);

/** What to run in the page of that person before its own scripts. */
export function portraitOf(name) {
  return `(${sitForPortrait})(${JSON.stringify(kPortraits[name])})`;
}
