import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patience } from '../support/patience.mjs';
import { serveFolder, viteBuild } from './site.mjs';

/** A project of Vite's with these files in it, built and served. */
export async function servePages(project, name, files, options) {
  const folder = join(project, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const { url, close } = await serveFolder(viteBuild(folder, options));
  return { url: `${url}/index.html`, close };
}

export const page = (body, script, before = '') => `<!doctype html><html><body>${body}
<script>${before}</script><script type="module" src="/${script}"></script></body></html>`;

/**
 * A page of the browser, whose `problems` are what was thrown and nobody caught, rejections too;
 * `prepare` runs in it first.
 */
export async function openPage(browser, url, prepare = () => {}) {
  const context = await browser.newContext();
  const opened = await context.newPage();
  opened.setDefaultTimeout(3 * patience);
  opened.problems = [];
  opened.on('pageerror', (error) => opened.problems.push(String(error)));
  await opened.addInitScript(prepare);
  await opened.goto(url);
  return opened;
}

export const showsVideos = (opened, count) =>
  opened.waitForFunction((count) => {
    const videos = [...document.querySelectorAll('video')];
    return videos.length === count && videos.every(({ currentTime }) => currentTime > 0.3);
  }, count);
