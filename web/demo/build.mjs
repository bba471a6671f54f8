// node web/demo/build.mjs FOLDER: makes the files of the demo as the server embeds them; for a look
// without building the server, `heliograph --dev --public-dir FOLDER` serves them as they are.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node web/demo/build.mjs FOLDER');
const here = fileURLToPath(new URL('.', import.meta.url));
const out = resolve(folder);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const file of ['demo.html', 'icon.svg']) cpSync(join(here, file), join(out, file));

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
};
const scripts = { ...common, target: 'es2022', outdir: join(out, 'scripts') };
const styles = { ...common, target: ['chrome123', 'firefox120', 'safari17.5'] };
await build({ ...scripts, entryPoints: { demo: 'source/main.ts' }, format: 'esm' });
await build({ ...scripts, entryPoints: { theme: 'source/theme.ts' }, format: 'iife' });
await build({ ...styles, entryPoints: ['css/demo.css'], outdir: join(out, 'css') });
