// docs/protocol.md, "HTTP": POST /app.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../support/http.mjs';
import { Peer } from '../support/peer.mjs';
import { password, useServer } from '../support/server.mjs';

const form = (fields) => ({
  method: 'POST',
  path: '/app',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
});
const json = (value) => ({
  method: 'POST',
  path: '/app',
  headers: { 'Content-Type': 'application/json' },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});
const unauthorized = { status: 401, error: 'Unauthorized', response: false };
const appMissing = {
  status: 400,
  error: 'Required properties (app) is undefined',
  response: false,
};

describe('POST /app', () => {
  const server = useServer();

  async function ask(options) {
    const answer = await server.request(options);
    assert.match(answer.headers['content-type'], /^application\/json/);
    const value = JSON.parse(answer.body);
    assert.equal(value.status, answer.status, 'the status in the envelope is that of HTTP');
    return value;
  }

  function assertToken(answer) {
    const { token } = answer.response;
    assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.deepEqual(answer, { status: 200, error: null, response: { token } });
    return token;
  }

  for (const [what, make] of [
    ['a form', form],
    ['JSON', json],
  ]) {
    it(`${what}: gives a token that opens a connection`, async () => {
      const token = assertToken(await ask(make({ app: 'demo-chat-test', password })));
      const peer = await Peer.connect(server, { token });
      peer.disconnect();
    });

    it(`${what}: refuses a wrong password`, async () => {
      assert.deepEqual(await ask(make({ app: 'x', password: 'wrong' })), unauthorized);
    });

    it(`${what}: refuses the password with something more or less`, async () => {
      for (const near of [
        `${password} `,
        password.slice(0, -1),
        password.toUpperCase(),
        `${password}\u0000`,
        '',
      ]) {
        assert.deepEqual(await ask(make({ app: 'x', password: near })), unauthorized);
      }
    });

    it(`${what}: refuses a missing password`, async () => {
      assert.deepEqual(await ask(make({ app: 'x' })), unauthorized);
    });

    it(`${what}: refuses a missing app`, async () => {
      assert.deepEqual(await ask(make({ password })), appMissing);
    });

    it(`${what}: refuses an empty app`, async () => {
      assert.deepEqual(await ask(make({ app: '', password })), appMissing);
    });

    it(`${what}: takes the content type in any case and with parameters`, async () => {
      const request = make({ app: 'x', password });
      const type = `${request.headers['Content-Type'].toUpperCase()}; charset=UTF-8`;
      assertToken(await ask({ ...request, headers: { 'Content-Type': type } }));
    });
  }

  it('form: reads plus signs, escapes and letters beyond ASCII', async () => {
    const escaped = [...password].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    assertToken(await ask(form(`app=my+app+%C3%A9%2B&password=${escaped}`)));
    assertToken(await ask(form(`&x&password=${encodeURIComponent(password)}&&app=a&`)));
  });

  it('form: broken escapes are no crash', async () => {
    for (const body of ['app=%&password=%zz', '%=%', '=&=', '&&&', 'app', 'app=%C3', '%00=%00']) {
      const { status } = await ask(form(body));
      assert.ok(status === 400 || status === 401, `${body}: ${status}`);
    }
  });

  it('JSON: anything but an object is refused', async () => {
    for (const body of [
      '',
      '[]',
      'null',
      '5',
      '"text"',
      '{',
      '{"app":',
      '{"app":"x"}x',
      '\u0000',
      '[{"app":"x"}]',
    ]) {
      const { status } = await ask(json(body));
      assert.ok(status === 400 || status === 401, `${body}: ${status}`);
    }
  });

  it('JSON: a password or app of another type is refused', async () => {
    for (const wrong of [5, true, null, ['x'], { a: 1 }, [password]]) {
      assert.deepEqual(await ask(json({ app: 'x', password: wrong })), unauthorized);
      const { status } = await ask(json({ app: wrong, password }));
      assert.equal(status, 400);
    }
  });

  it('JSON fifteen thousand deep is no crash', async () => {
    const { status } = await ask(json('['.repeat(15_000)));
    assert.ok(status === 400 || status === 401, `${status}`);
  });

  it('a body of more than 16 KiB is refused', async () => {
    const { status } = await ask(json('['.repeat(16 * 1024 + 1)));
    assert.equal(status, 413);
  });

  for (const type of [
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/xml',
    '',
    'application/jsonx',
  ]) {
    it(`refuses the content type "${type}"`, async () => {
      const request = { ...json({ app: 'x', password }), headers: { 'Content-Type': type } };
      const { status, error, response } = await ask(request);
      assert.ok([400, 401, 415].includes(status), `${status}`);
      assert.equal(typeof error, 'string');
      assert.equal(response, false);
    });
  }

  it('refuses no content type', async () => {
    const { status } = await ask({
      method: 'POST',
      path: '/app',
      body: JSON.stringify({ app: 'x', password }),
    });
    assert.ok([400, 401, 415].includes(status), `${status}`);
  });

  it('reads no credentials from the query', async () => {
    const path = `/app?app=x&password=${encodeURIComponent(password)}`;
    assert.deepEqual(await ask({ ...form(''), path }), unauthorized);
  });

  it('refuses a body beyond the limit with 413', async () => {
    const answer = await ask(json({ app: 'x'.repeat(1_100_000), password }));
    assert.deepEqual([answer.status, answer.response], [413, false]);
  });

  it('reads a body in chunks, however it is cut', async () => {
    const { body } = json({ app: 'x', password });
    const connection = await HttpConnection.open(server.port);
    const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
    connection.send({ method: 'POST', path: '/app', headers });
    for (const letter of body) connection.write(`1\r\n${letter}\r\n`);
    connection.write('0\r\n\r\n');
    assertToken(JSON.parse((await connection.response()).body));
    connection.destroy();
  });

  it('gives tokens for many apps, each its own', async () => {
    const tokens = await Promise.all(['a', 'b', 'c'].map((app) => server.appToken(app)));
    assert.equal(new Set(tokens).size, 3);
  });
});
