import { join } from 'node:path';
import { testFlow } from './flow.mjs';
import { install, root } from './toolchain.mjs';

const target = join(root, 'build/clients/rust');
const installed = install({
  language: 'rust',
  tools: [{ name: 'Cargo 1.85', command: ['cargo', '--version'], least: '1.85' }],
  download: () => [['cargo', 'fetch', '--quiet']],
  build: () => [['cargo', 'build', '--quiet', '--offline', '--target-dir', target]],
});

const lacks = { bytes: "the library has them only as an event's sole argument" };
if (installed) testFlow({ name: 'rust_socketio', command: [join(target, 'debug/app')], lacks });
