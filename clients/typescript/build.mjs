// node clients/typescript/build.mjs [OUTDIR]: builds the package's dist (by default beside this
// file): an ES module and a CommonJS module, each with its types. socket.io-client stays outside.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = resolve(process.argv[2] ?? join(here, 'dist'));
const esm = join(out, 'esm');
const cjs = join(out, 'cjs');
const { build, typescript } = await findTools();

/** Finds esbuild's `build` and TypeScript's compiler, which the repository installs. */
async function findTools() {
  try {
    const typescript = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    return { ...(await import('esbuild')), typescript };
  } catch (error) {
    if (!/MODULE_NOT_FOUND$/.test(error.code)) throw error;
    console.error(`The build needs esbuild and typescript: ${error.message.split('\n')[0]}`);
    console.error('Run "npm ci" at the root of the repository first.');
    process.exit(1);
  }
}

rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [typescript, '-p', here, '--outDir', esm], { stdio: 'inherit' });
cpSync(esm, cjs, { recursive: true });
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');

const common = {
  absWorkingDir: here,
  entryPoints: ['src/index.ts', 'src/stats.ts'],
  bundle: true,
  external: ['socket.io-client'],
  target: 'es2022',
  // Names that end with "_" are private to this package, so a letter or two is enough for them.
  mangleProps: /[^_]_$/,
  sourcemap: true,
  logLevel: 'warning',
};
await build({ ...common, format: 'esm', outdir: esm });
await build({ ...common, format: 'cjs', outdir: cjs });
