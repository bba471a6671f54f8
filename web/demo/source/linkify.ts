/** Addresses contain no spaces, ends of quotations, or marks that change the text's direction. */
const kAddress =
  /https?:\/\/[^\s<>"“”«»„。，、；：！？（）【】《》\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;
/** Characters that follow an address more often than they belong to it. */
const kTrailing = /[.,:;!?'’…*]+$/u;
const kPairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

const count = (text: string, letter: string): number => text.split(letter).length - 1;

/** Removes what belongs to the sentence around an address: a full stop, a closing bracket. */
function trim(address: string): string {
  const shorter = address.replace(kTrailing, '');
  const last = shorter.at(-1) ?? '';
  const opening = kPairs[last];
  const isUnpaired = opening !== undefined && count(shorter, last) > count(shorter, opening);
  if (isUnpaired) return trim(shorter.slice(0, -1));
  return shorter;
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** A piece of a text: words, or a link if it has `href`. */
export interface Piece {
  text: string;
  href?: string;
}

/** Finds the addresses of pages in a text. All pieces together are the text. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(kAddress)) {
    const address = trim(found);
    const url = parse(address);
    if (!url || !/^https?:$/.test(url.protocol)) continue;
    if (index > at) pieces.push({ text: text.slice(at, index) });
    pieces.push({ text: address, href: url.href });
    at = index + address.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** The same as nodes. Nothing in the text becomes HTML. */
export function linkify(text: string): Node[] {
  return findLinks(text).map(({ text: words, href }) => {
    if (!href) return document.createTextNode(words);
    const link = Object.assign(document.createElement('a'), { href, target: '_blank' });
    link.rel = 'noopener noreferrer';
    link.textContent = words;
    return link;
  });
}
