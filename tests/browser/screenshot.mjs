// node tests/browser/screenshot.mjs FILE.png: a call of three through the demo, as one of them sees
// it, drawn people before the cameras. Makes the picture in the README.
import { startServer } from '../support/server.mjs';
import { launchBrowser } from './browser.mjs';
import { Person } from './person.mjs';

/** Runs in the page before its own scripts: a drawn person instead of a camera. */
function sitForPortrait({ wall, light, shirt, skin, hair, longHair }) {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const drawing = canvas.getContext('2d');
  const shape = (colour, draw) => {
    drawing.fillStyle = colour;
    drawing.beginPath();
    draw();
    drawing.fill();
  };
  const oval = (colour, x, y, width, height) =>
    shape(colour, () => drawing.ellipse(x, y, width, height, 0, 0, 2 * Math.PI));
  const box = (colour, x, y, width, height, radius) =>
    shape(colour, () => drawing.roundRect(x, y, width, height, radius));
  const draw = (milliseconds) => {
    const nod = 2 * Math.sin(milliseconds / 700);
    box(wall, 0, 0, 640, 360, 0);
    box(light, 420, 40, 150, 150, 8);
    box(wall, 490, 40, 10, 150, 0);
    if (longHair) box(hair, 246, 90 + nod, 148, 190, 70);
    box(shirt, 190, 270, 260, 200, 90);
    box(skin, 292, 220, 56, 80, 26);
    oval(skin, 320, 170 + nod, 62, 76);
    shape(hair, () => drawing.ellipse(320, 142 + nod, 68, 62, 0, Math.PI, 2 * Math.PI));
    for (const side of [-1, 1]) oval('#1c2230', 320 + 24 * side, 168 + nod, 5, 6);
    drawing.strokeStyle = '#7a2e22';
    drawing.lineWidth = 4;
    drawing.lineCap = 'round';
    drawing.beginPath();
    drawing.arc(320, 192 + nod, 22, 0.2 * Math.PI, 0.8 * Math.PI);
    drawing.stroke();
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask({ audio: constraints.audio });
    for (const track of canvas.captureStream(24).getTracks()) stream.addTrack(track);
    return stream;
  };
}

const portraits = {
  Ada: {
    wall: '#f2d8b3',
    light: '#fff6dd',
    shirt: '#8a3b2a',
    skin: '#f0c39b',
    hair: '#3b2417',
    longHair: true,
  },
  Ben: {
    wall: '#b9d3d6',
    light: '#eefafa',
    shirt: '#2f5d73',
    skin: '#8d5a3b',
    hair: '#1d1512',
    longHair: false,
  },
  Cleo: {
    wall: '#cfc7e6',
    light: '#f4f0ff',
    shirt: '#4a7a4c',
    skin: '#d99f74',
    hair: '#b4552d',
    longHair: true,
  },
};

const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: node tests/browser/screenshot.mjs FILE.png');
const server = await startServer({ dev: true });
const browser = await launchBrowser();
try {
  const everyone = [];
  for (const [name, portrait] of Object.entries(portraits)) {
    const script = `(${sitForPortrait})(${JSON.stringify(portrait)})`;
    const options = { scripts: [script], viewport: { width: 1120, height: 680 } };
    everyone.push(await Person.arrive(browser, server, name, options));
  }
  const [ada, ben, cleo] = everyone;
  const room = await ada.open('sunrise');
  await ben.joinAtDoorOf(ada, room);
  await cleo.joinAtDoorOf(ada, room);
  await ada.seesExactly(ben, cleo);
  await ada.seesMoving(ben);
  await ada.seesMoving(cleo);
  await ada.page.screenshot({ path: file });
} finally {
  await browser.close();
  await server.stop();
}
