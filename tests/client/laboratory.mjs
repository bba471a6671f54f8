/* global lab -- of the page */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { launchBrowser } from '../browser/browser.mjs';
import { patience } from '../support/patience.mjs';
import { bundle, root } from './build.mjs';

/** A browser's step is many round trips, each slow under a sanitizer or beside another suite. */
const milliseconds = 3 * patience;

/** A page of Chromium with the package in it, and `in_page.mjs` as the global `lab`. */
export class Laboratory {
  static async open(browser) {
    const laboratory = new Laboratory();
    laboratory.context = await browser.newContext();
    laboratory.site = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>Laboratory</title>');
    });
    laboratory.site.listen(0, '127.0.0.1');
    await once(laboratory.site, 'listening');
    const page = await laboratory.context.newPage();
    page.setDefaultTimeout(milliseconds);
    laboratory.page = page;
    laboratory.pageErrors = [];
    page.on('pageerror', (error) => laboratory.pageErrors.push(String(error.stack)));
    await page.goto(`http://127.0.0.1:${laboratory.site.address().port}`);
    await page.addScriptTag({
      content: await bundle(join(root, 'tests/client/in_page.mjs'), 'lab'),
    });
    return laboratory;
  }

  /** Runs the function in the page. */
  run(step, argument) {
    return this.page.evaluate(step, argument);
  }

  /** Waits until the function, in the page, returns something truthy; returns that. */
  async until(condition, argument) {
    const options = { polling: 50, timeout: milliseconds };
    const found = await this.page.waitForFunction(condition, argument, options);
    return found.jsonValue();
  }

  /** Somebody comes into this page and into the room: the first one makes it. */
  async enter(server, room, name, { url = server.url, ...options } = {}) {
    const token = await server.appToken();
    await this.run(
      async ([name, url, token, room, options]) => {
        const { call } = await lab.arrive(name, url, token, options);
        await call.enter(room);
      },
      [name, url, token, room, options],
    );
  }

  async areConnected(...names) {
    await this.until((names) => lab.areConnected(...names), names);
  }

  async sees(person, name, kind = 'camera') {
    await this.until((which) => lab.isMoving(...which), [person, name, kind]);
  }

  /** Pictures of everybody have come to everybody else from now on. */
  async allSeeAll(...names) {
    const pairs = names.flatMap((viewer) =>
      names.filter((name) => name !== viewer).map((name) => [viewer, name]),
    );
    await this.run((pairs) => (window.unseen = pairs), pairs);
    await this.until(() => {
      window.unseen = window.unseen.filter(([viewer, name]) => !lab.isMoving(viewer, name));
      return window.unseen.length === 0;
    });
  }

  async close() {
    const errors = await this.run(() => lab.errors());
    await this.run(() => lab.everybodyLeaves());
    await this.context.close();
    this.site.close();
    assert.deepEqual([...errors, ...this.pageErrors], []);
  }
}

/** In a `describe`: a browser, and for each test a page in it. */
export function useLaboratory() {
  const laboratory = {};
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  laboratory.open = async () => {
    laboratory.current = await Laboratory.open(browser);
    return laboratory.current;
  };
  afterEach(async () => {
    await laboratory.current?.close();
    laboratory.current = null;
  });
  return laboratory;
}
