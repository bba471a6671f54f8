import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const source = join(root, 'clients/typescript/src');

/** A folder of its own, in which the packages of node_modules are found; gone with the process. */
export function workshop() {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-client-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * The package's modules, one by one as in its source: `(await modules())('token')`: token.ts; with
 * `.url('token')` its address.
 */
export async function modules() {
  const outdir = workshop();
  const names = await readdir(source);
  const entryPoints = names.map((name) => join(source, name));
  await build({ entryPoints, outdir, format: 'esm', outExtension: { '.js': '.js' } });
  const url = (name) => pathToFileURL(join(outdir, `${name}.js`)).href;
  return Object.assign((name) => import(url(name)), { url });
}

/** A script for a page: the module's exports in the global `name`, everything it needs included. */
export async function bundle(entryPoint, name) {
  const alias = {
    '@heliograph/client': join(source, 'index.ts'),
    '@heliograph/client/stats': join(source, 'stats.ts'),
  };
  const options = { bundle: true, write: false, format: 'iife', globalName: name, alias };
  const { outputFiles } = await build({ entryPoints: [entryPoint], ...options });
  return outputFiles[0].text;
}
