import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';

describe('the address of a server', () => {
  let addressOf;
  before(async () => {
    ({ addressOf } = await (await modules())('address'));
  });

  for (const [url, server, path] of [
    ['https://host', 'https://host', '/socket.io/'],
    ['https://host/', 'https://host', '/socket.io/'],
    ['https://host/rtc', 'https://host', '/rtc/socket.io/'],
    ['https://host:8443/a/b/', 'https://host:8443', '/a/b/socket.io/'],
    ['http://[::1]:5000/rtc?x=y', 'http://[::1]:5000?x=y', '/rtc/socket.io/'],
    ['https://host?x=/y', 'https://host?x=/y', '/socket.io/'],
    ['https://host/?x=/y', 'https://host?x=/y', '/socket.io/'],
    ['localhost:5000', 'localhost:5000', '/socket.io/'],
    ['wss://bücher.example/rtc', 'wss://bücher.example', '/rtc/socket.io/'],
  ]) {
    test(`${url} is ${server} with ${path}`, () => {
      assert.deepEqual(addressOf(url), [server, path]);
    });
  }

  for (const url of [
    '',
    'https://',
    'http//host',
    'ftp://host',
    'https://a b',
    'https://host/a b',
    'host:port',
    'x#y',
  ]) {
    test(`"${url}" is none`, () => {
      assert.throws(() => addressOf(url), { name: 'SignalError', code: 'invalid-url' });
    });
  }
});
