// "Go to definition", as an editor asks TypeScript for it.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../build.mjs';

const kPage = join(root, 'clients/typescript/src/page.ts'); // It is nowhere but here.
const kCommands = {
  Call: ['enter', 'leave', 'publish', 'unpublish', 'send', 'setStatus', 'accept', 'update'],
  Signal: ['open', 'close', 'enterRoom', 'leaveRoom', 'kick', 'sendMessage', 'iceServers'],
};
const kUses = Object.entries(kCommands).flatMap(([name, commands]) =>
  commands.map((command) => ({ name, command, text: `(0 as unknown as ${name}).${command};` })),
);
const page = [`import type { Call, Signal } from './index.js';`, ...kUses.map(({ text }) => text)];

function editor() {
  const text = (file) => (file === kPage ? page.join('\n') : ts.sys.readFile(file));
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  return ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => true,
    fileExists: (file) => file === kPage || ts.sys.fileExists(file),
    readFile: text,
    getCompilationSettings: () => options,
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [kPage],
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const found = text(file);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
  });
}

describe('"go to definition"', () => {
  const service = editor();

  for (const [index, { name, command, text }] of kUses.entries()) {
    test(`on ${name}.${command} leads to its code`, () => {
      const line = page.slice(0, index + 1).join('\n').length + 1;
      const [found] = service.getDefinitionAtPosition(kPage, line + text.lastIndexOf(command));
      const { start, length } = found.contextSpan;
      const code = readFileSync(found.fileName, 'utf8').slice(start, start + length);
      assert.match(code, new RegExp(`${command} = .*=>`, 's'));
    });
  }
});
