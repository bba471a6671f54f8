import { build } from 'esbuild';

/** The exports of a file of the demo that runs without a page. */
export async function importSource(file) {
  const { outputFiles } = await build({
    entryPoints: [new URL(`../../web/demo/source/${file}`, import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const bundle = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${bundle}`);
}
