// The demo's TypeScript holds what it promises: to itself, and to the package that it is built on.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('the types of the demo are right', () => {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = fileURLToPath(new URL('../../web/demo', import.meta.url));
  execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
});
