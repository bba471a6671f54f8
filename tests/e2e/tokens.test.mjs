// docs/protocol.md, "Tokens": which app tokens count, in both formats, and nothing that only looks
// like one.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { WebSocketSession } from '../support/engineio.mjs';
import { decode, jwt, seedAppToken } from '../support/tokens.mjs';
import { secret, useServer } from '../support/server.mjs';

const hmac = (data, encoding, key = secret) =>
  createHmac('sha256', key).update(data).digest(encoding);
const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64');
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const app = { app: 'x', kind: 'app' };
const exp = Math.floor(Date.now() / 1000) + 3600;

function flipLast(text) {
  return text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A');
}

describe('app tokens', () => {
  const server = useServer();

  async function isAccepted(token) {
    const session = await WebSocketSession.open(server.port);
    session.send(`40${JSON.stringify({ token })}`);
    const answer = await session.next();
    session.destroy();
    if (answer.startsWith('40{')) return true;
    assert.equal(answer, '44{"message":"Token is not valid","data":{"code":"unauthorized"}}');
    return false;
  }

  it('from POST /app: HS256, kind "app", the app’s name, no expiry, no padding', async () => {
    const token = await server.appToken('näme of ön app');
    const { header, claims } = decode(token);
    assert.equal(header.alg, 'HS256');
    assert.deepEqual([claims.app, claims.kind, 'exp' in claims], ['näme of ön app', 'app', false]);
    assert.doesNotMatch(token, /=/);
    assert.equal(jwt(claims, { header }), token);
  });

  const accepted = {
    'the standard format': jwt(app),
    'the standard format with more claims': jwt({ ...app, iat: 1, iss: 'somebody' }),
    'the standard format with the header in another order': jwt(app, {
      header: { typ: 'JWT', alg: 'HS256' },
    }),
    'the Node.js server’s format': seedAppToken({ app: 'x' }),
    'the Node.js server’s format with padding of one': seedAppToken({ app: 'xy' }),
    'the Node.js server’s format with padding of two': seedAppToken({ app: 'xyz' }),
    'the Node.js server’s format with + and / in it': seedAppToken({ app: '~~~???>>>ÿÿÿ' }),
  };
  for (const [what, token] of Object.entries(accepted)) {
    it(`accepted: ${what}`, async () => assert.ok(await isAccepted(token), token));
  }

  const standard = jwt(app);
  const seed = seedAppToken({ app: 'x' });
  const [head, payload, signature] = standard.split('.');
  const unsigned = `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(app)}`;
  const refused = {
    'another secret': jwt(app, { secret: 'another secret of 32 bytes or more!' }),
    'another secret, Node.js server’s format': seedAppToken(
      { app: 'x' },
      { secret: 'another secret of 32 bytes or more!' },
    ),
    'an empty secret': jwt(app, { secret: '' }),
    'alg none without a signature': `${unsigned}.`,
    'alg none signed all the same': jwt(app, { header: { alg: 'none', typ: 'JWT' } }),
    'alg HS512 signed with HS256': jwt(app, { header: { alg: 'HS512', typ: 'JWT' } }),
    'alg RS256 signed with HS256': jwt(app, { header: { alg: 'RS256', typ: 'JWT' } }),
    'alg hs256 in lower case': jwt(app, { header: { alg: 'hs256', typ: 'JWT' } }),
    'no alg': jwt(app, { header: { typ: 'JWT' } }),
    'a header that is no object': jwt(app, { header: 'HS256' }),
    'alg none in the Node.js server’s format': seedAppToken(
      { app: 'x' },
      { header: { alg: 'none', typ: 'JWT' } },
    ),
    'HS512 really used': `${base64url({ alg: 'HS512' })}.${payload}.${createHmac('sha512', secret)
      .update(`${base64url({ alg: 'HS512' })}.${payload}`)
      .digest('base64url')}`,
    'a changed payload': `${head}.${base64url({ ...app, app: 'y' })}.${signature}`,
    'a changed header': `${base64url({ alg: 'HS256' })}.${payload}.${signature}`,
    'a changed last letter of the signature': `${head}.${payload}.${flipLast(signature.slice(0, -1))}${signature.at(-1)}`,
    'a signature cut short': standard.slice(0, -1),
    'no signature': `${head}.${payload}.`,
    'two parts only': `${head}.${payload}`,
    'four parts': `${standard}.${signature}`,
    'a padded signature': `${standard}=`,
    'a padded payload': `${head}.${payload}=.${hmac(`${head}.${payload}=`, 'base64url')}`,
    'white space around it': ` ${standard}\n`,
    'the hex signature of the standard format': `${head}.${payload}.${hmac(`${head}.${payload}`, 'hex')}`,
    'the Node.js server’s signature over the dot as well': (([h, p]) =>
      `${h}.${p}.${hmac(`${h}.${p}`, 'hex')}`)(seed.split('.')),
    'the Node.js server’s format without its padding': seed.replaceAll('=', ''),
    'the Node.js server’s format with an upper-case signature': (([h, p, s]) =>
      `${h}.${p}.${s.toUpperCase()}`)(seed.split('.')),
    'the Node.js server’s format with a changed payload': (([h, , s]) =>
      `${h}.${base64({ app: 'y' })}.${s}`)(seed.split('.')),
    'the Node.js server’s format with the split moved': (([h, p, s]) =>
      `${h}${p.slice(0, 4)}.${p.slice(4)}.${s}`)(seed.split('.')),
    'no app': jwt({ kind: 'app' }),
    'an app that is no text': jwt({ app: 5, kind: 'app' }),
    'no kind': jwt({ app: 'x' }),
    'an unknown kind': jwt({ app: 'x', kind: 'admin' }),
    'the kind of a session': jwt({ app: 'x', socket: 'y', exp, kind: 'session' }),
    'the Node.js server’s format with a claim more: its sessions were signed with the same secret':
      seedAppToken({ app: 'x', iat: 1 }),
    'a session in the Node.js server’s format': seedAppToken({
      app: 'x',
      socket: 'y',
      exp,
      kind: 'session',
    }),
    'claims that are an array': jwt([app]),
    'claims that are null': jwt(null),
    'claims that are no JSON': `${head}.bm90IGpzb24.${hmac(`${head}.bm90IGpzb24`, 'base64url')}`,
    'seven thousand letters': 'A'.repeat(7_000),
    'a thousand dots': '.'.repeat(1000),
  };
  for (const [what, token] of Object.entries(refused)) {
    it(`refused: ${what}`, async () => assert.equal(await isAccepted(token), false, token));
  }

  it('refused: one letter changed, anywhere, in both formats', async () => {
    for (const token of [standard, seed]) {
      for (let at = 0; at < token.length; at += 7) {
        const letter = token[at] === 'g' ? 'h' : 'g';
        assert.equal(
          await isAccepted(token.slice(0, at) + letter + token.slice(at + 1)),
          false,
          `letter ${at}`,
        );
      }
    }
  });
});
