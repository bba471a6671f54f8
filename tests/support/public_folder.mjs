import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The content that no request may ever get. */
export const secretContent = 'this lies outside of the public folder';

/** The files of a public folder, as the Node.js server has it that Heliograph replaces. */
export const files = {
  'demo.html':
    '<!doctype html><html><head><link rel="stylesheet" href="/css/style.css"></head>' +
    '<body><script src="/scripts/config.js"></script><script src="/scripts/index.js"></script></body></html>',
  'css/style.css': 'body { colour: seed }',
  'scripts/index.js': "const socket = io({ auth: { token: 'the page’s own' } });",
  'scripts/config.js': "const iceConfig = { iceServers: [{ urls: 'stun:stun.example' }] };",
  'scripts/adapter.mjs': 'export {};',
  'images/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'images/dot.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  'data/list.json': '{"a":1}',
  'notes.txt': 'plain',
  'with blank & ümlaut.txt': 'odd name',
  'empty.txt': '',
};

/**
 * Makes `<temporary>/public` with these files, a secret beside it, and symbolic links that lead
 * out.
 */
export function makePublicFolder() {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'heliograph-public-'));
  const folder = path.join(parent, 'public');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  writeFileSync(path.join(parent, 'secret.txt'), secretContent);
  mkdirSync(path.join(parent, 'public-other'));
  writeFileSync(path.join(parent, 'public-other', 'secret.txt'), secretContent);
  symlinkSync(path.join(parent, 'secret.txt'), path.join(folder, 'link.txt'));
  symlinkSync('../secret.txt', path.join(folder, 'relative.txt'));
  symlinkSync(parent, path.join(folder, 'up'));
  return { folder, parent, remove: () => rmSync(parent, { recursive: true }) };
}
