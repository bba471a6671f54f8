// Every example that the papers of the package print, as somebody would paste it.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/patience.mjs';
import { Program } from '../support/program.mjs';
import { useServer } from '../support/server.mjs';
import { compile, installPacked } from './packed.mjs';
import { exampleOf, examplesOf, kExamples } from './readme.mjs';
import { serveFolder } from './site.mjs';

const kLanguages = Object.entries(kExamples);

/** In TypeScript, what the examples take for given. */
const given = (mode) => `declare const appToken: string;
declare const call: import('@heliograph/client'${mode}).Call;
declare const save: (file: File) => void;\n`;

/** In Node, what the examples take for given; most of it is a browser's. */
const kPrelude = `
const { Call, Signal } = require('@heliograph/client');
const { URL: url, TOKEN: token } = process.env;
const media = { id: 'media', getTracks: () => [{ kind: 'video' }] };
const mediaDevices = { getUserMedia: async () => media };
const given = {
  appToken: token,
  navigator: { mediaDevices },
  document: { getElementById: () => null },
  RTCPeerConnection: class {
    constructor() {
      throw new Error('No connections here');
    }
  },
};
for (const [name, value] of Object.entries(given)) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
if (process.env.WITH_CALL) {
  const signal = new Signal(url, { token });
  globalThis.call = new Call(signal, { media });
  if (process.env.WITH_CALL === 'and peer') call.peers.set('Ben', { id: 'Ben', connection: { getStats: async () => new Map() } });
  call.send = async (data) => console.log('sent', data);
  const { publish } = call;
  call.publish = (stream, kind, options) => {
    publish(stream, kind, options);
    console.log('published', kind, options);
  };
  signal.open();
}
`;

const kKinds = {
  'an ES module': { ending: 'mjs', translate: (code) => code },
  'a CommonJS module': {
    ending: 'cjs',
    translate: (code) => code.replace(/^import (.*?) from (.*?);$/gm, 'const $1 = require($2);'),
  },
};

describe('an example of the README', () => {
  const server = useServer();
  let project;
  let backEnd;

  before(async () => {
    project = installPacked();
    writeFileSync(join(project, 'prelude.cjs'), kPrelude);
    const routes = ['mjs', 'cjs'].map((kind) => [`/${kind}`, () => server.appToken(kind)]);
    backEnd = await serveFolder(project, Object.fromEntries(routes));
  });
  after(() => backEnd?.close());

  test('is one of those that are tried here', () => {
    assert.deepEqual(
      examplesOf(project).map(({ language }) => language),
      Object.values(kExamples),
    );
  });

  test('is short if it is the first', () => {
    const lines = exampleOf(project, 'hello')
      .split('\n')
      .filter((line) => line.trim());
    assert.ok(lines.length <= 14, `${lines.length} lines`);
  });

  const kResolutions = [
    { ending: 'ts', options: ['--module', 'esnext', '--moduleResolution', 'bundler'] },
    { ending: 'ts', options: ['--module', 'commonjs', '--moduleResolution', 'node10'] },
    { ending: 'cts', options: ['--module', 'node16'] },
    {
      ending: 'mts',
      options: ['--module', 'node16'],
      mode: ", { with: { 'resolution-mode': 'import' } }",
    },
  ];
  for (const { ending, options, mode = '' } of kResolutions) {
    test(`has types that strict TypeScript takes: ${ending}, ${options.at(-1)}`, () => {
      writeFileSync(join(project, 'given.d.ts'), given(mode));
      const files = kLanguages.map(([name, language]) => {
        const file = `${name}.${language === 'js' ? ending : language}`;
        writeFileSync(join(project, file), `${exampleOf(project, name)}\nexport {};\n`);
        return file;
      });
      compile(project, ['given.d.ts', ...files], '--jsx', 'react-jsx', ...options);
    });
  }

  /** Starts the example in Node, with tokens of an app that is named after the kind of module. */
  async function runInNode(name, { ending, translate }, env, mark = ending) {
    const file = join(project, `${name}.run.${ending}`);
    const code = exampleOf(project, name, {
      server: server.url,
      token: `${backEnd.url}/${ending}`,
    });
    writeFileSync(file, translate(code).replace(/'(lobby|greetings)'/, `'$1, ${mark}'`));
    const values = ['--require', join(project, 'prelude.cjs'), file];
    const TOKEN = await server.appToken(ending);
    return new Program(process.execPath, values, { env: { URL: server.url, TOKEN, ...env } });
  }

  const says = (program, words) => program.line((line) => line.includes(words), words);

  /** The example was at work until now, so it has left no rejection unhandled. */
  async function end(program) {
    program.signal('SIGTERM');
    assert.equal((await program.exit()).signal, 'SIGTERM', program.output);
  }

  for (const [kind, module] of Object.entries(kKinds)) {
    const app = module.ending;

    test(`runs in Node as ${kind}: the first lets others in`, async () => {
      const program = await runInNode('hello', module);
      const ben = await server.peer({ app });
      await eventually(
        async () => (await ben.ask('room-join-request', { room: `lobby, ${app}` })).ok,
        `the example opens its room\n${program.output}`,
      );
      assert.equal((await ben.next('room-join-accept')).peers.length, 1);
      await end(program);
    });

    test(`runs in Node as ${kind}: the one with Signal alone greets everyone`, async () => {
      const ben = await server.peer({ app });
      await ben.ask('room-create-request', { room: `greetings, ${app}` });
      const program = await runInNode('greet', module);
      const { peer_id } = await ben.next('room-join-request');
      await ben.ask('room-join-accept', { room: `greetings, ${app}`, peer_id });
      assert.deepEqual((await ben.next('message')).data, { hello: 'everyone' });
      await ben.ask('relay-message', { room: `greetings, ${app}`, data: 'Hello, Ada' });
      await says(program, 'Hello, Ada');
      await end(program);
    });

    test(`runs in Node as ${kind}: Signal alone, twice: the second is let in`, async () => {
      const run = () => runInNode('greet', module, {}, `${app}, twice`);
      const first = await run();
      const ben = await server.peer({ app });
      await eventually(
        async () => (await ben.ask('room-join-request', { room: `greetings, ${app}, twice` })).ok,
        `the example opens its room\n${first.output}`,
      );
      await ben.next('room-join-accept');
      const second = await run();
      await says(first, "{ hello: 'everyone' }");
      await end(first);
      await end(second);
    });

    test(`runs in Node as ${kind}: the commands of a call`, async () => {
      const program = await runInNode('commands', module, { WITH_CALL: 'yes' });
      await says(program, "sent { text: 'Hello' }");
      await says(program, 'room-not-found');
      await end(program);
    });

    test(`runs in Node as ${kind}: a large message`, async () => {
      const program = await runInNode('large', module, { WITH_CALL: 'yes' });
      await says(program, "sent { text: 'That was all' }");
      await end(program);
    });

    test(`runs in Node as ${kind}: a limit of the bitrate`, async () => {
      const program = await runInNode('bitrate', module, { WITH_CALL: 'yes' });
      await says(program, 'published film { maxBitrate: 2000000 }');
      await end(program);
    });

    test(`runs in Node as ${kind}: the statistics of a connection`, async () => {
      const program = await runInNode('stats', module, { WITH_CALL: 'and peer' });
      await says(program, 'Ben unknown');
      await end(program);
    });
  }
});
