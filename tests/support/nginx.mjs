import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { makeCertificate } from './certificate.mjs';
import { within } from './patience.mjs';
import { freeTcpPort } from './ports.mjs';
import { Program } from './program.mjs';

const binary = '/usr/sbin/nginx';
const deployed = new URL('../../deploy/nginx/', import.meta.url);
const read = (file) => readFileSync(new URL(file, deployed), 'utf8');

/** Replaces all there is of it, and requires that there is some. */
function replace(text, from, to) {
  assert.ok(text.match(from), `${from} in the configuration`);
  return text.replaceAll(from, to);
}

/** Debian's nginx with the files of deploy/nginx, on free ports of the loopback. */
export class Nginx {
  #folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-nginx-'));
  #program = null;
  #change;
  certificate = makeCertificate();

  /** `change`: a function from the text of heliograph.conf to what is to be tried instead. */
  constructor({ change = (text) => text } = {}) {
    this.#change = change;
  }

  /** Passes on to servers on these ports. */
  async start(...ports) {
    if (!existsSync(binary))
      throw new Error('no nginx found: on Debian, apt-get install nginx-light');
    this.plainPort = await freeTcpPort();
    this.port = await freeTcpPort();
    chmodSync(this.#folder, 0o755); // nginx's workers may be other users.
    for (const folder of ['conf.d', 'heliograph']) mkdirSync(path.join(this.#folder, folder));
    this.#write('nginx.conf', this.#main());
    this.#write('conf.d/heliograph.conf', this.#change(this.#sites()));
    this.#write('conf.d/folders.conf', this.#temporaryFolders());
    this.#write('heliograph/nodes.conf', replaceNode(read('nodes.conf'), ports));
    this.#write('heliograph/certificate.pem', this.certificate.cert);
    this.#write('heliograph/key.pem', this.certificate.key);
    const file = path.join(this.#folder, 'nginx.conf');
    this.#program = new Program(binary, ['-c', file, '-e', 'stderr', '-g', 'daemon off;']);
    await this.#program.line((line) => /start worker process \d/.test(line), 'a worker process');
    return this;
  }

  #write(name, text) {
    writeFileSync(path.join(this.#folder, name), text);
  }

  #main() {
    const main = replace(read('nginx.conf'), /\/run\/nginx\.pid/g, path.join(this.#folder, 'pid'));
    return replace(main, /error_log \S+;/g, 'error_log stderr notice;');
  }

  #sites() {
    let text = replace(read('heliograph.conf'), /^ *listen \[::\].*\n/gm, '');
    text = replace(
      text,
      /listen 80 default_server/g,
      `listen 127.0.0.1:${this.plainPort} default_server`,
    );
    text = replace(text, /listen 443 ssl/g, `listen 127.0.0.1:${this.port} ssl`);
    return replace(text, /\/var\/log\/nginx/g, this.#folder);
  }

  #temporaryFolders() {
    return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${path.join(this.#folder, name)};\n`)
      .join('');
  }

  get url() {
    return `https://127.0.0.1:${this.port}`;
  }

  /** The options with which a client in Node trusts the certificate. */
  get trust() {
    return { ca: this.certificate.cert };
  }

  /** One request over TLS: `{status, headers, body}`. */
  async request({ body, ...options }) {
    const way = { host: '127.0.0.1', port: this.port, servername: 'localhost', agent: false };
    const request = https.request({ ...way, ...this.trust, ...options });
    request.end(body);
    const [response] = await within(once(request, 'response'), 'an answer of nginx');
    response.setEncoding('utf8');
    let text = '';
    response.on('data', (chunk) => (text += chunk));
    await within(once(response, 'end'), 'the whole answer of nginx');
    return { status: response.statusCode, headers: response.headers, body: text };
  }

  /** Lines of the access log. */
  accesses() {
    const file = path.join(this.#folder, 'heliograph.log');
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  }

  async stop() {
    await this.#program?.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

function replaceNode(text, ports) {
  const nodes = ports.map((port) => `server 127.0.0.1:${port};`).join('\n');
  return replace(text, /server 127\.0\.0\.1:5000;/g, nodes);
}

/** In a `describe`: an nginx before these servers, which start before it; stops after all tests. */
export function useNginx(servers, options) {
  const nginx = new Nginx(options);
  before(() => nginx.start(...servers.map(({ port }) => port)));
  after(() => nginx.stop());
  return nginx;
}
