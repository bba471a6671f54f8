// node tests/browser/screenshot.mjs FOLDER [--all]: photographs the demo as it is, for the README:
// real calls between real browsers, with drawn people before the cameras. With `--all`, also what
// is only to be looked at: other panels, and 1920 pixels. With `--screens`, instead every screen in
// every width, light and dark, and with `--screens=de` in German. The font is Inter if it is
// installed (Debian: fonts-inter), else the system's; pngquant, if installed, shrinks the files.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from '../support/server.mjs';
import { launchBrowser } from './browser.mjs';
import { Person } from './person.mjs';
import { names, portraitOf } from './portraits.mjs';
import { visitScreens } from './screens.mjs';

const kLaptop = { viewport: { width: 1280, height: 800 } };
const kWide = { viewport: { width: 1920, height: 1080 } };
const kPhone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

const kSizes = { 390: 844, 768: 1024, 1280: 800, 1920: 1080 };

const [folder, ...flags] = process.argv.slice(2);
if (!folder)
  throw new Error('usage: node tests/browser/screenshot.mjs FOLDER [--all | --screens[=LANGUAGE]]');
const wantsAll = flags.includes('--all');
const screens = flags.map((flag) => /^--screens(?:=(.+))?$/.exec(flag)).find(Boolean);
mkdirSync(folder, { recursive: true });
const server = await startServer({ dev: true });
const browser = await launchBrowser();

function shrink(path) {
  const quantise = ['--force', '--ext=.png', '--speed=1', '--quality=70-95', path];
  spawnSync('pngquant', quantise); // Where it is not installed the picture stays as it is.
  console.log(`${path}: ${Math.round(statSync(path).size / 1000)} kB`);
}

/** Nothing passing is to be seen, and no field is being filled in. */
async function settle({ page, until }) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement?.blur());
  await until(() => getComputedStyle(document.getElementById('news')).opacity === '0');
  // A connection begins with small pictures.
  await until(() =>
    [...document.querySelectorAll('video')]
      .filter((video) => video.checkVisibility({ visibilityProperty: true }))
      .every((video) => video.videoWidth >= 640),
  );
}

async function photograph(person, name) {
  await settle(person);
  const path = join(folder, `${name}.png`);
  await person.page.screenshot({ path });
  shrink(path);
}

function arrive(name, colorScheme, screen) {
  const options = { scripts: [portraitOf(name)], colorScheme, ...screen };
  return Person.arrive(browser, server, name, options);
}

const sees = ({ until }) => until(() => document.querySelector('#preview video').videoWidth > 0);

async function lobby(colorScheme, screen, name) {
  const ada = await arrive('Ada', colorScheme, screen);
  await sees(ada);
  await ada.page.locator('#lobby-title').click(); // The microphone is heard after a click only.
  await ada.until(() => Number(document.getElementById('level').ariaValueNow) > 0);
  await photograph(ada, name);
  await ada.depart();
}

/** Ada's room, in which the first `count` people are; Ada sees all of them move. */
async function meet(count, room, colorScheme, screen) {
  const everyone = [];
  for (const name of names.slice(0, count)) everyone.push(await arrive(name, colorScheme, screen));
  const [ada, ...others] = everyone;
  await ada.open(room);
  for (const other of others) await other.joinAtDoorOf(ada, room);
  await ada.seesExactly(...others);
  for (const other of others) await ada.seesMoving(other);
  return everyone;
}

async function leaveAll(everyone) {
  for (const person of everyone) await person.depart();
}

async function waitingRoom(colorScheme) {
  const [ada, ben] = await meet(2, 'morning-ridge', colorScheme, kLaptop);
  const dara = await arrive('Dara', colorScheme, kLaptop);
  await dara.ask('morning-ridge');
  await ada.seesAsking(dara);
  await sees(dara);
  await photograph(dara, `waiting-${colorScheme}`);
  await photograph(ada, `asking-${colorScheme}`);
  await leaveAll([ada, ben, dara]);
}

async function write(person, text) {
  await person.see('open-chat').click();
  await person.see('chat-text').fill(text);
  await person.see('chat-send').click();
}

async function callOfFour(colorScheme, screen, name) {
  const everyone = await meet(4, 'morning-ridge', colorScheme, screen);
  const [ada, , , dara] = everyone;
  await dara.see('toggle-microphone').click();
  await ada.tileOf(dara).getByTestId('tile-muted').waitFor();
  await ada.tileOf(dara).getByTestId('tile-quality').waitFor();
  await photograph(ada, name);
  if (wantsAll && screen === kLaptop) await panels(everyone, colorScheme);
  await leaveAll(everyone);
}

async function panels([ada, ben, cleo], colorScheme) {
  await write(ben, 'Good morning! Clear skies here.');
  await write(cleo, 'I can see all the way to you.');
  await write(ada, 'Then let us begin.');
  await ada.read('chat-message', 'all the way');
  await photograph(ada, `chat-${colorScheme}`);
  await ada.see('open-people').click();
  await photograph(ada, `people-${colorScheme}`);
}

async function everyScreen(width, colorScheme, locale = 'en-GB') {
  const phone = width < 500 ? { hasTouch: true, isMobile: true } : {};
  const wishes = { viewport: { width, height: kSizes[width] }, ...phone };
  const people = [];
  const arriveWith = async (name, options) => {
    const scripts = [portraitOf(name)];
    const person = await Person.arrive(browser, server, name, { scripts, ...options });
    people.push(person);
    return person;
  };
  await visitScreens(
    { arrive: arriveWith },
    { ...wishes, colorScheme, locale },
    async (person, screen) => {
      const name = screen.replace(/\W+/g, '-');
      await person.page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
    },
  );
  await leaveAll(people);
}

try {
  for (const scheme of ['light', 'dark']) {
    for (const width of screens ? Object.keys(kSizes) : []) {
      await everyScreen(Number(width), scheme, screens[1]);
    }
    if (screens) continue;
    await lobby(scheme, kLaptop, `lobby-${scheme}`);
    await waitingRoom(scheme);
    await callOfFour(scheme, kLaptop, `call-${scheme}`);
    await callOfFour(scheme, kPhone, `phone-${scheme}`);
    if (!wantsAll) continue;
    await lobby(scheme, kPhone, `lobby-phone-${scheme}`);
    await lobby(scheme, kWide, `lobby-wide-${scheme}`);
    await callOfFour(scheme, kWide, `wide-${scheme}`);
  }
} finally {
  await browser.close();
  await server.stop();
}
