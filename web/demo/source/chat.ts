import { ChatHistory, isId } from './chat_history.js';
import { ChatLines, kLongestMessage, type Line } from './chat_lines.js';
import { element, fromTemplate, part, show } from './dom.js';
import { linkify } from './linkify.js';
import { recallHere, rememberHere } from './memory.js';
import { nameOf } from './names.js';
import { tellNews } from './news.js';
import type { Panel } from './panels.js';
import { texts } from './texts/index.js';
import type { Visit } from './visit.js';

/** The longest part of a message that is shown as news. */
const kNewsLength = 80;
const kMemory = 'chat';
const kClock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The text and the id of a chat message; null if it is none. */
function readMessage(data: unknown): { text: string; id: string } | null {
  const { chat, id } = (data ?? {}) as { chat?: unknown; id?: unknown };
  if (typeof chat !== 'string' || chat === '') return null;
  return { text: chat.slice(0, kLongestMessage), id: isId(id) ? id : newId() };
}

/** Unlike `crypto.randomUUID`, this works in pages without HTTPS, too. */
function newId(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(numbers, (number) => number.toString(36)).join('-');
}

function nodeOf({ isOwn, name, text, time }: Line): HTMLElement {
  const message = fromTemplate('chat-message');
  message.classList.toggle('own', isOwn);
  const when = new Date(time);
  part(message, '.author span').textContent = isOwn ? texts.you : name;
  const clock = part(message, 'time', HTMLTimeElement);
  clock.dateTime = when.toISOString();
  clock.textContent = kClock.format(when);
  part(message, '.text').replaceChildren(...linkify(text));
  return message;
}

/** Text to everyone over the data channels. The people in the call keep it until they leave. */
export class Chat {
  readonly #log = element('chat-log');
  readonly #messages = element('chat-messages');
  readonly #panel: Panel;
  readonly #lines = new ChatLines();
  #unread = 0;
  #room = '';

  constructor(visit: Visit, panel: Panel) {
    this.#panel = panel;
    this.#clear();
    visit.over.addEventListener('abort', () => {
      this.#clear();
      rememberHere(kMemory, null);
    });
    visit.call.on('message', ({ peer, data }) => {
      const message = readMessage(data);
      if (message) this.#receive(nameOf(peer.info), message);
    });
    new ChatHistory(
      visit,
      () => this.#lines.all,
      (lines) => this.#catchUp(lines),
    );
    panel.onShown = () => this.#read();
    this.#bindForm(visit);
  }

  /** Shows the messages of this room from before the page was reloaded. */
  restore(room: string): void {
    this.#room = room;
    const kept = recallHere(kMemory) as { room: string; lines: Line[] } | null;
    if (kept?.room === room) this.#add(kept.lines);
  }

  #bindForm({ call, name, over }: Visit): void {
    const input = element('chat-text', HTMLInputElement);
    const send = (event: Event): void => {
      event.preventDefault();
      const text = input.value.trim();
      if (!text) return;
      const id = newId();
      void call.send({ chat: text, id });
      this.#add([{ id, name, text, isOwn: true, time: Date.now() }]);
      input.value = '';
    };
    element('chat-form').addEventListener('submit', send, { signal: over });
  }

  #receive(name: string, { text, id }: { text: string; id: string }): void {
    const isNew = this.#add([{ id, name, text, isOwn: false, time: Date.now() }]).length > 0;
    if (!isNew || this.#panel.isShown) return;
    this.#showUnread(this.#unread + 1);
    const start = text.length > kNewsLength ? `${text.slice(0, kNewsLength)}…` : text;
    tellNews(`${name}: ${start}`);
  }

  /** Shows the messages from the time in which this person was not there. */
  #catchUp(lines: Line[]): void {
    const missed = this.#add(lines).length;
    if (!this.#panel.isShown) this.#showUnread(this.#unread + missed);
  }

  /** Shows the lines that are new, and returns them. */
  #add(lines: readonly Line[]): Line[] {
    const fresh = this.#lines.add(lines);
    if (fresh.length === 0) return fresh;
    const { all } = this.#lines;
    const [first] = fresh;
    if (first && fresh.length === 1 && all.at(-1) === first) this.#messages.append(nodeOf(first));
    else this.#messages.replaceChildren(...all.map(nodeOf));
    while (this.#messages.childElementCount > all.length) this.#messages.firstChild?.remove();
    rememberHere(kMemory, { room: this.#room, lines: all });
    show(false, element('chat-empty'));
    this.#scroll();
    return fresh;
  }

  #read(): void {
    this.#showUnread(0);
    this.#scroll();
    element('chat-text').focus();
  }

  #scroll(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #showUnread(count: number): void {
    this.#unread = count;
    const badge = element('unread');
    badge.textContent = String(count);
    element('unread-text').textContent = count > 0 ? texts.unread(count) : '';
    show(count > 0, badge);
  }

  #clear(): void {
    this.#messages.replaceChildren();
    this.#lines.clear();
    this.#showUnread(0);
    show(true, element('chat-empty'));
  }
}
