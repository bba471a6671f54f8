import assert from 'node:assert/strict';
import { patience, within } from '../support/patience.mjs';

/** A browser's step is many round trips, each slow under a sanitizer or beside another suite. */
export const milliseconds = 3 * patience;

/** The size of text that browsers begin with, in pixels. */
const kTextSize = 16;

/** Runs in the page before its own scripts: what its policy forbids is an error. */
function reportViolations() {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`The policy's ${violatedDirective} forbids ${blockedURI}.`),
  );
}

/** Somebody before a browser of their own, at the demo page. Every wait ends with what is seen. */
export class Person {
  #context;
  /** Errors of the page, as its console shows them. */
  errors = [];
  /** The address of every request. */
  requests = [];
  /** ICE candidates that came over WebSocket. */
  candidatesReceived = 0;
  #upgraded;

  /**
   * `path`: the address to open; `scripts`: functions to run in the page before its own;
   * `textSize`: how many times larger than usual its reader wants text.
   */
  static async arrive(browser, server, name, wishes = {}) {
    const { path = '/demo', scripts = [], textSize = 1, ...options } = wishes;
    const person = new Person();
    person.name = name;
    person.#context = await browser.newContext({ baseURL: server.url, ...options });
    for (const script of [reportViolations, ...scripts]) {
      await person.#context.addInitScript(script);
    }
    await person.#open(path, textSize);
    await person.see('name').fill(name);
    return person;
  }

  async #open(path, textSize) {
    const page = await this.#context.newPage();
    if (textSize !== 1) {
      const session = await this.#context.newCDPSession(page);
      const fontSizes = { standard: kTextSize * textSize, fixed: kTextSize * textSize };
      await session.send('Page.setFontSizes', { fontSizes });
    }
    page.setDefaultTimeout(milliseconds);
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
    page.on('pageerror', (error) => this.errors.push(String(error.stack)));
    page.on('request', (request) => this.requests.push(request.url()));
    this.#watchWebSocket(page);
    this.page = page;
    await page.goto(path);
  }

  #watchWebSocket(page) {
    this.#upgraded = new Promise((resolve) => {
      page.on('websocket', (socket) => {
        this.requests.push(socket.url());
        socket.on('framesent', ({ payload }) => payload === '5' && resolve());
        socket.on('framereceived', ({ payload }) => {
          // Without the one, empty, that says that there are no more.
          if (/"ice-candidate".*"candidate:/.test(String(payload))) this.candidatesReceived += 1;
        });
      });
    });
  }

  /** Waits until the connection to the server has gone over from polling to WebSocket. */
  upgraded() {
    return within(this.#upgraded, `${this.name}: upgrade to WebSocket`, milliseconds);
  }

  /** The element of this test id. */
  see(testId) {
    return this.page.getByTestId(testId);
  }

  async read(testId, text) {
    await this.see(testId).filter({ hasText: text }).waitFor();
  }

  async create(room = '') {
    await this.see('room').fill(room);
    await this.see('create').click();
  }

  async ask(room) {
    await this.see('room').fill(room);
    await this.see('join').click();
  }

  /** Opens the room and is in it; returns its name. */
  async open(room = '') {
    await this.create(room);
    await this.see('call').waitFor();
    return this.see('room-name').textContent();
  }

  #cardOf(person) {
    return this.see('candidate').filter({ hasText: person.name });
  }

  async seesAsking(person) {
    await this.#cardOf(person).waitFor();
  }

  async seesNobodyAsking() {
    await this.see('candidate').first().waitFor({ state: 'detached' });
  }

  async accept(person) {
    await this.#cardOf(person).getByTestId('accept').click();
    await this.#cardOf(person).waitFor({ state: 'detached' });
  }

  async reject(person) {
    await this.#cardOf(person).getByTestId('reject').click();
    await this.#cardOf(person).waitFor({ state: 'detached' });
  }

  /** Asks to join the owner's room and is let in. */
  async joinAtDoorOf(owner, room) {
    await this.ask(room);
    await owner.accept(this);
    await this.see('call').waitFor();
  }

  tileOf(person) {
    const name = person === this ? `${person.name} (you)` : person.name;
    return this.see('tile').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Waits until these and no others (besides oneself) have a tile and are connected. */
  async seesExactly(...others) {
    for (const other of others) {
      await this.page
        .locator('[data-testid=tile][data-connection=connected]')
        .filter({ hasText: other.name })
        .waitFor();
    }
    await this.until(
      (count) => document.querySelectorAll('#stage [data-testid=tile]').length === count,
      others.length + 1,
    );
  }

  async seesOwner(person) {
    await this.tileOf(person).getByTestId('tile-owner').waitFor();
    const marks = this.page.locator('[data-testid=tile-owner]:visible');
    assert.equal(await marks.count(), 1, 'one owner');
  }

  /** The other's picture moves: time passes, frames are decoded, and they are not black. */
  seesMoving(person) {
    return this.seesMovingIn(this.tileOf(person));
  }

  async seesMovingIn(tile) {
    const video = await tile.locator('video').elementHandle();
    const start = await video.evaluate((element) => ({
      time: element.currentTime,
      frames: element.getVideoPlaybackQuality().totalVideoFrames,
    }));
    const hasMoved = ([element, { time, frames }]) =>
      element.currentTime > time + 0.3 &&
      element.getVideoPlaybackQuality().totalVideoFrames >= frames + 5;
    await this.until(hasMoved, [video, start]);
    await this.until(isBright, video);
  }

  /** The other's tile shows the initial of the name instead of a picture. */
  async seesNoVideoOf(person) {
    await this.tileOf(person).locator('video').waitFor({ state: 'hidden' });
    await this.tileOf(person).locator('.initial').waitFor();
  }

  /** Waits for the condition, a function that runs in the page. */
  until = (condition, argument) =>
    this.page.waitForFunction(condition, argument, { polling: 100, timeout: milliseconds });

  /** Clicks a control of the call, in the menu “More” if it stands there. */
  async press(testId) {
    if (!(await this.see(testId).isVisible())) await this.see('open-more').click();
    await this.see(testId).click();
  }

  /** Writes to everyone, in the chat, which is open afterwards. */
  async write(text) {
    if (!(await this.see('chat-panel').isVisible())) await this.see('open-chat').click();
    await this.see('chat-text').fill(text);
    await this.see('chat-send').click();
  }

  async leave() {
    await this.see('leave').click();
    await this.see('lobby').waitFor();
  }

  /** Shuts the browser without a word, and requires that the page had no error until then. */
  async depart({ expectErrors = false } = {}) {
    await this.#context.close();
    if (!expectErrors) assert.deepEqual(this.errors, [], `errors on the page of ${this.name}`);
  }
}

/** Runs in the page: whether the video's present frame holds enough light. */
function isBright(video) {
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 18;
  const drawing = canvas.getContext('2d');
  drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
  const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height).data;
  let light = 0;
  for (let i = 0; i < pixels.length; i += 4) light += pixels[i] + pixels[i + 1] + pixels[i + 2];
  return light / (canvas.width * canvas.height) > 60;
}
