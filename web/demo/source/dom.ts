/** The element of that id, which demo.html has. */
export function element(id: string): HTMLElement;
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind;
export function element(id: string, kind = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`demo.html has no element “${id}” of that kind.`);
}

/** The first element in `root` that the selector names. */
export function part(root: ParentNode, selector: string): HTMLElement;
export function part<Kind extends Element>(
  root: ParentNode,
  selector: string,
  kind: new () => Kind,
): Kind;
export function part(root: ParentNode, selector: string, kind: new () => Element = HTMLElement) {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`demo.html has nothing like “${selector}” of that kind here.`);
}

/** A new element as the template of that id has it. */
export function fromTemplate(id: string): HTMLElement {
  const { content } = element(id, HTMLTemplateElement);
  return part(content, '*').cloneNode(true) as HTMLElement;
}

/** Shows or hides an element. Unlike the property `hidden`, this works for SVG, too. */
export function show(shown: boolean, ...elements: Element[]): void {
  for (const each of elements) each.toggleAttribute('hidden', !shown);
}

/** Sets the text of an element, and hides the element if the text is empty. */
export function showText(target: HTMLElement, text: string | null): void {
  target.textContent = text ?? '';
  show(Boolean(text), target);
}

/** Gives a `.portrait` the initial of a name and a colour of its own. */
export function paintPortrait(portrait: HTMLElement, name: string): void {
  const letters = Array.from(name);
  const codes = letters.map((letter) => letter.codePointAt(0) ?? 0);
  const hue = codes.reduce((sum, code) => (sum * 31 + code) % 360, 7);
  portrait.style.setProperty('--hue', String(hue));
  part(portrait, '.initial').textContent = letters[0]?.toUpperCase() ?? '';
}
