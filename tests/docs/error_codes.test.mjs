// The error codes are the same in the protocol, the server, the client's type and the demo.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A candidate whose request was refused learns these as the `reason` of `join-rejected`. */
const kReasonsOnly = ['rejected-by-owner', 'join-request-timeout'];
/** The client makes these itself; no server sends them. */
const kMadeByClient = [
  'join-rejected',
  'timeout',
  'disconnected',
  'message-too-large',
  'invalid-message',
  'queue-full',
  'no-token',
  'already-in-room',
  'invalid-url',
  'no-webrtc',
  'unreachable',
  'closed',
];
/** The demo has no text for these, each for the reason beside it. */
const kWithoutText = {
  'unknown-event': 'only a mistake in the page leads to it',
  'json-too-deep': 'only a mistake in the page leads to it',
  'already-in-room': 'only a mistake in the page leads to it',
  'invalid-url': 'only a mistake in the page leads to it',
  'event-too-large': 'the fields of the page take no text of that size',
  'peerinfo-too-large': 'the fields of the page take no name of that size',
  'message-too-large': 'the fields of the page take no text of that size',
  'too-many-rooms': 'the page is in one room at a time',
  'ticket-in-use': 'the client asks again without the ticket',
  'rejected-by-owner': 'it comes with join-rejected, which has a text',
  'no-join-request': 'the page says that the candidate no longer waits',
  'invalid-message': 'it is about the message of another peer',
  'queue-full': 'the chat sends too little to fill a queue',
  'no-token': 'its message comes from the page and is in the reader’s language',
  'no-webrtc': 'the page does not catch it: the call cannot even be made',
  closed: 'the page closes the connection itself',
};

const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const sorted = (codes) => [...codes].sort();
const without = (codes, others) => sorted(codes.filter((code) => !others.includes(code)));

function codesOfPaper() {
  const paper = read('docs/protocol.md');
  const [, table] = paper.match(/^\| code \| when \|\n\|---\|---\|\n(.*?)\n\n/ms);
  const [, more] = paper.match(/^Two more codes occur only in `room-join-reject`: (.*?)\./ms);
  return [...table.matchAll(/^\| `([a-z-]+)`/gm), ...more.matchAll(/`([a-z-]+)`/g)].map(
    ([, code]) => code,
  );
}

function codesOfServer() {
  const rows = [...read('src/signaling/error.cpp').matchAll(/Row\{Error::k\w+,\s*\{"([a-z-]+)"/g)];
  return rows.map(([, code]) => code);
}

/** The statements of a TypeScript file. */
const statementsOf = (file) =>
  ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true).statements;

function codesOfClient() {
  const { type } = statementsOf('clients/typescript/src/error.ts').find(
    (statement) => statement.name?.text === 'SignalErrorCode',
  );
  return type.types.map(({ literal }) => literal.text);
}

/** The keys of a table of texts in the demo. */
function codesOfDemo(table) {
  const [{ initializer }] = statementsOf('web/demo/source/explain.ts')
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .filter(({ name }) => name.text === table);
  return initializer.properties.map(({ name }) => name.text);
}

describe('the error codes', () => {
  const server = codesOfServer();
  const client = codesOfClient();
  const refusals = codesOfDemo('kRefusals');
  const reasons = codesOfDemo('kEndsOfWaiting');

  it('of docs/protocol.md are those of the server', () => {
    assert.ok(server.length >= 24);
    assert.deepEqual(sorted(codesOfPaper()), sorted(server));
  });

  it('of the client’s type are those of the server and its own', () => {
    const sent = without(server, kReasonsOnly);
    assert.deepEqual(sorted(client), sorted([...sent, ...kMadeByClient]));
  });

  it('for which the demo has a text are those of the client', () => {
    assert.deepEqual(without(refusals, client), []);
    assert.deepEqual(without(reasons, server), []);
  });

  it('each have a text in the demo, unless nobody can meet them there', () => {
    const all = [...new Set([...server, ...client])];
    const explained = [...refusals, ...reasons];
    assert.deepEqual(without(all, explained), sorted(Object.keys(kWithoutText)));
  });
});
