// A Socket.IO server over `ws` or over uWebSockets.js: node server.mjs --engine ws|uws --port N,
// with APP_SECRET and APP_PASS in the environment. With --nodes N it is one of so many, over the
// Redis of REDIS_URL, and listens when all of them are there.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { install } from './handlers.mjs';
import { sign } from './tokens.mjs';

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string' },
    port: { type: 'string' },
    nodes: { type: 'string', default: '1' },
  },
});
const { APP_SECRET: secret, APP_PASS: password, REDIS_URL: redis } = process.env;
const port = Number(options.port);
const nodes = Number(options.nodes);
const io = new Server({
  serveClient: false,
  transports: ['websocket'],
  ...(nodes > 1 && { adapter: await adapterOver(redis) }),
});
install(io, secret, { isShared: nodes > 1 });

async function adapterOver(url) {
  const { createClient } = await import('redis');
  const { createAdapter } = await import('@socket.io/redis-streams-adapter');
  const client = createClient({ url });
  await client.connect();
  return createAdapter(client, { onlyPlaintext: true });
}

async function allAreThere() {
  while ((await io.of('/').adapter.serverCount()) < nodes) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// The answer to POST /app with this form.
function appToken(form) {
  const fields = new URLSearchParams(form);
  if (fields.get('password') !== password) {
    return { status: 401, error: 'Unauthorized', response: false };
  }
  const token = sign(secret, { kind: 'app', app: fields.get('app') });
  return { status: 200, error: null, response: { token } };
}

function serveOverWs() {
  const http = createServer((request, response) => {
    let form = '';
    request.on('data', (chunk) => (form += chunk));
    request.on('end', () => response.end(JSON.stringify(appToken(form))));
  });
  io.attach(http);
  http.listen(port, '127.0.0.1');
}

async function serveOverUws() {
  const { App } = await import('uWebSockets.js');
  const app = App();
  app.post('/app', (response) => {
    let form = '';
    response.onAborted(() => {});
    response.onData((chunk, last) => {
      form += Buffer.from(chunk).toString();
      if (last) response.end(JSON.stringify(appToken(form)));
    });
  });
  io.attachApp(app);
  app.listen('127.0.0.1', port, (socket) => {
    if (!socket) throw new Error(`port ${port} is taken`);
  });
}

if (nodes > 1) await allAreThere();
if (options.engine === 'uws') {
  await serveOverUws();
} else {
  serveOverWs();
}
