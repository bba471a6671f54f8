import { join } from 'node:path';
import { testFlow } from './flow.mjs';
import { install, root } from './toolchain.mjs';

const interpreter = join(root, 'build/clients/python/bin/python');
const requirements = ['--requirement', 'requirements.txt', '--no-deps', '--only-binary', ':all:'];
const installed = install({
  language: 'python',
  tools: [
    {
      name: 'Python 3.10 with venv',
      command: ['python3', '-c', 'import ensurepip, venv, sys; print(sys.version)'],
      least: '3.10',
    },
  ],
  download: (source, target) => [
    ['python3', '-m', 'venv', '--clear', target],
    [interpreter, '-m', 'pip', 'install', '--quiet', '--retries', '1', ...requirements],
  ],
  build: () => [],
});

if (installed) {
  for (const [name, app] of [
    ['threads', 'app_threads.py'],
    ['asyncio', 'app_asyncio.py'],
  ]) {
    const file = join(root, 'tests/clients/python', app);
    testFlow({ name: `python-socketio with ${name}`, command: [interpreter, '-B', file] });
  }
}
