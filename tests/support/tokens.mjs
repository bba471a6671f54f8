import { createHmac } from 'node:crypto';
import { secret as testSecret } from './server.mjs';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token as RFC 7519 has it, signed with HS256 whatever its header claims. */
export function jwt(claims, { secret = testSecret, header = { alg: 'HS256', typ: 'JWT' } } = {}) {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/**
 * An app token as the Node.js server that Heliograph replaces made it: padded base64, and the HMAC
 * of both parts without the dot in hexadecimal.
 */
export function seedAppToken(
  claims,
  { secret = testSecret, header = { alg: 'HS256', typ: 'JWT' } } = {},
) {
  const [head, payload] = [header, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64'),
  );
  return `${head}.${payload}.${createHmac('sha256', secret)
    .update(head + payload)
    .digest('hex')}`;
}

/** `{header, claims, signature}` of a token, unverified. */
export function decode(token) {
  const [header, claims, signature] = token.split('.');
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: read(header), claims: read(claims), signature };
}
