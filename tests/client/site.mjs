import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { root } from './build.mjs';
import { run } from './packed.mjs';

const kTypes = { '.html': 'text/html', '.js': 'text/javascript' };

/**
 * `vite build` of the folder with Vite's defaults; returns the folder of the pages. `pages`: other
 * entries than index.html; `env`: as `NODE_ENV` for React in development.
 */
export function viteBuild(folder, { pages, env = {} } = {}) {
  const config = { build: { rollupOptions: { input: pages } } };
  if (pages)
    writeFileSync(join(folder, 'vite.config.mjs'), `export default ${JSON.stringify(config)}`);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  run(folder, 'env', ...assignments(env), process.execPath, vite, 'build', '--logLevel', 'error');
  return join(folder, 'dist');
}

const assignments = (env) => Object.entries(env).map(([name, value]) => `${name}=${value}`);

/** Serves the files of a folder; `routes`: functions that answer instead, by path. */
export async function serveFolder(folder, routes = {}) {
  const site = createServer(async ({ url }, response) => {
    const path = url.split('?')[0];
    try {
      const type = kTypes[extname(path)] ?? 'text/plain';
      const body = routes[path] ? await routes[path]() : readFileSync(join(folder, path));
      response.writeHead(200, { 'Content-Type': type }).end(body);
    } catch (error) {
      response.writeHead(404).end(String(error));
    }
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return { url: `http://127.0.0.1:${site.address().port}`, close: () => site.close() };
}
