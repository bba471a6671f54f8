/** The element of that id, which demo.html has. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`demo.html has no element “${id}”.`);
  return found as Kind;
}

/** The first element in `root` that the selector names. */
export function part<Kind extends Element = HTMLElement>(root: ParentNode, selector: string): Kind {
  const found = root.querySelector<Kind>(selector);
  if (!found) throw new Error(`demo.html has nothing like “${selector}” here.`);
  return found;
}

/** A new element as the template of that id has it. */
export function fromTemplate(id: string): HTMLElement {
  const { content } = element<HTMLTemplateElement>(id);
  return content.firstElementChild!.cloneNode(true) as HTMLElement;
}

/** Unlike the property `hidden`, for elements of SVG, too. */
export function show(shown: boolean, ...elements: Element[]): void {
  for (const each of elements) each.toggleAttribute('hidden', !shown);
}

/** An empty text hides its element. */
export function showText(target: HTMLElement, text: string | null): void {
  target.textContent = text ?? '';
  show(Boolean(text), target);
}

/** Gives a `.portrait` the initial of a name and a colour of its own. */
export function paintPortrait(portrait: HTMLElement, name: string): void {
  const letters = [...name];
  const hue = letters.reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 360, 7);
  portrait.style.setProperty('--hue', String(hue));
  part(portrait, '.initial').textContent = letters[0]?.toUpperCase() ?? '';
}
