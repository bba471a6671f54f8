import { join } from 'node:path';
import { testFlow } from './flow.mjs';
import { install, root } from './toolchain.mjs';

const app = join(root, 'build/clients/go/app');
const installed = install({
  language: 'go',
  tools: [{ name: 'Go 1.26', command: ['go', 'version'], least: '1.26' }],
  download: () => [['go', 'mod', 'download']],
  build: () => [['go', 'build', '-o', app, '.']],
});

const lacks = {
  // With the reference server, too, an event over polling takes until the next ping to leave.
  polling: 'the library sends nothing while a poll waits',
  order: 'the library begins with any of its transports, in random order',
};
if (installed) testFlow({ name: 'Go (zishang520/socket.io)', command: [app], lacks });
