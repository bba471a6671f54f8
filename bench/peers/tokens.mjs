// The tokens of docs/protocol.md: JWTs, HS256, checked by their HMAC on every event.
import { createHmac, timingSafeEqual } from 'node:crypto';

const HEAD = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

function signature(secret, text) {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

export function sign(secret, claims) {
  const text = `${HEAD}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${text}.${signature(secret, text)}`;
}

// The claims of a token that is signed with `secret`, of that kind and not expired; else null.
export function verify(secret, token, kind) {
  if (typeof token !== 'string') return null;
  const end = token.lastIndexOf('.');
  const text = token.slice(0, end);
  const given = Buffer.from(token.slice(end + 1));
  const right = Buffer.from(signature(secret, text));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const claims = JSON.parse(Buffer.from(text.slice(text.indexOf('.') + 1), 'base64url'));
  if (claims.kind !== kind || claims.exp < Date.now() / 1000) return null;
  return claims;
}
