import { element, fromTemplate, part, show } from './dom.js';
import { linkify } from './linkify.js';
import { recallHere, rememberHere } from './memory.js';
import { nameOf } from './names.js';
import { tellNews } from './news.js';
import type { Panel } from './panels.js';
import { texts } from './texts/index.js';
import type { Visit } from './visit.js';

const kLongest = 2000;
/** Messages that are there again when the page was reloaded. */
const kKept = 200;
const kMemory = 'chat';
const kClock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The text of a chat message; null for what is none. */
function textOf(data: unknown): string | null {
  const { chat } = (data ?? {}) as { chat?: unknown };
  return typeof chat === 'string' && chat !== '' ? chat.slice(0, kLongest) : null;
}

interface Line {
  name: string;
  text: string;
  isOwn: boolean;
  /** Milliseconds since 1970. */
  time: number;
}

/** Text to everyone over the data channels. This tab alone keeps it, for as long as the call lasts. */
export class Chat {
  readonly #log = element('chat-log');
  readonly #messages = element('chat-messages');
  readonly #panel: Panel;
  #unread = 0;
  #lines: Line[] = [];
  #room = '';

  constructor(visit: Visit, panel: Panel) {
    this.#panel = panel;
    this.#clear();
    visit.over.addEventListener('abort', () => {
      this.#clear();
      rememberHere(kMemory, null);
    });
    visit.call.on('message', ({ peer, data }) => {
      const text = textOf(data);
      if (text) this.#receive(nameOf(peer.info), text);
    });
    panel.onShown = () => this.#read();
    const input = element<HTMLInputElement>('chat-text');
    const send = (event: Event): void => {
      event.preventDefault();
      const text = input.value.trim();
      if (!text) return;
      visit.call.send({ chat: text });
      this.#add(visit.name, text, true);
      input.value = '';
    };
    element('chat-form').addEventListener('submit', send, { signal: visit.over });
  }

  /** What was said in this room before the page was reloaded. */
  restore(room: string): void {
    const kept = recallHere<{ room: string; lines: Line[] }>(kMemory);
    const since = this.#lines;
    this.#lines = [];
    this.#messages.replaceChildren();
    const lines = kept?.room === room ? [...kept.lines, ...since] : since;
    this.#room = room;
    for (const line of lines) this.#show(line);
  }

  #receive(name: string, text: string): void {
    this.#add(name, text, false);
    if (this.#panel.isShown) return;
    this.#unread += 1;
    this.#showUnread();
    tellNews(`${name}: ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`);
  }

  #add(name: string, text: string, isOwn: boolean): void {
    this.#show({ name, text, isOwn, time: Date.now() });
    rememberHere(kMemory, { room: this.#room, lines: this.#lines });
  }

  #show(line: Line): void {
    this.#lines = [...this.#lines, line].slice(-kKept);
    const message = fromTemplate('chat-message');
    message.classList.toggle('own', line.isOwn);
    const when = new Date(line.time);
    part(message, '.author span').textContent = line.isOwn ? texts.you : line.name;
    const time = part<HTMLTimeElement>(message, 'time');
    time.dateTime = when.toISOString();
    time.textContent = kClock.format(when);
    part(message, '.text').replaceChildren(...linkify(line.text));
    this.#messages.append(message);
    show(false, element('chat-empty'));
    this.#scroll();
  }

  #read(): void {
    this.#unread = 0;
    this.#showUnread();
    this.#scroll();
    element('chat-text').focus();
  }

  #scroll(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #showUnread(): void {
    const badge = element('unread');
    badge.textContent = String(this.#unread);
    badge.setAttribute('aria-label', texts.unread(this.#unread));
    show(this.#unread > 0, badge);
  }

  #clear(): void {
    this.#messages.replaceChildren();
    this.#lines = [];
    this.#unread = 0;
    this.#showUnread();
    show(true, element('chat-empty'));
  }
}
