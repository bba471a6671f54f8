// Your back end in thirty lines: it serves the pages, and gives app tokens to people who may use
// the server. Here everybody may; yours asks who they are.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { HELIOGRAPH = 'http://localhost:5000', APP_PASS: password, PORT = 8080 } = process.env;
const here = fileURLToPath(new URL('.', import.meta.url));
const socketIo = dirname(createRequire(import.meta.url).resolve('socket.io-client/package.json'));

const files = {
  '/': ['text/html', join(here, 'index.html')],
  '/call.html': ['text/html', join(here, 'call.html')],
  '/cursors.html': ['text/html', join(here, 'cursors.html')],
  '/camera.html': ['text/html', join(here, 'camera.html')],
  '/heliograph.js': ['text/javascript', join(here, '../dist/esm/index.js')],
  '/socket.io.js': ['text/javascript', join(socketIo, 'dist/socket.io.esm.min.js')],
};

async function accessToHeliograph() {
  const form = new URLSearchParams({ app: 'examples', password });
  const answer = await fetch(`${HELIOGRAPH}/app`, { method: 'POST', body: form });
  const { error, response } = await answer.json();
  if (error) throw new Error(`Heliograph says: ${error}. Is APP_PASS right?`);
  return JSON.stringify({ url: HELIOGRAPH, token: response.token });
}

const server = createServer(async ({ url }, response) => {
  try {
    const [type, path] = files[url.split('?')[0]] ?? ['application/json', null];
    const body = path ? await readFile(path) : await accessToHeliograph();
    response.writeHead(200, { 'Content-Type': type }).end(body);
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
});
server.listen(PORT, 'localhost', () => console.log(`http://localhost:${server.address().port}/`));
