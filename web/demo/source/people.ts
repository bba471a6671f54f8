import type { Peer } from '@heliograph/client';
import type { PeerStats } from '@heliograph/client/stats';
import { element, fromTemplate, paintPortrait, part, show } from './dom.js';
import { explain } from './explain.js';
import { nameOf } from './names.js';
import { tellNews } from './news.js';
import { statusOf } from './status.js';
import { texts } from './texts/index.js';
import { describeQuality } from './tile.js';
import { followMedia, type Visit } from './visit.js';

/** The list of everybody in the room. The owner can remove people. */
export class People {
  readonly #visit: Visit;
  readonly #list = element('people');
  readonly #rows = new Map<Peer, HTMLElement>();
  readonly #self: HTMLElement;

  constructor(visit: Visit) {
    this.#visit = visit;
    this.#self = this.#addRow(visit.name);
    part(this.#self, '.name').textContent = texts.nameOfSelf(visit.name);
    followMedia(visit, () =>
      show(!visit.media.isOn('audio'), part(this.#self, '.muted-mark', SVGElement)),
    );
    visit.status.on('change', ({ hand }) => show(hand, part(this.#self, '.hand-mark')));
    const { call } = visit;
    call.on('peer-joined', ({ peer }) => this.#add(peer));
    call.on('peer-left', ({ peer }) => this.#remove(peer));
    call.on('status', ({ peer }) => this.#refresh(peer));
    call.on('peer-renamed', () => this.#refreshAll());
    call.on('owner-changed', () => this.#refreshAll());
    visit.over.addEventListener('abort', () => this.#list.replaceChildren());
    this.#refreshAll();
  }

  showQuality(peer: Peer, stats: PeerStats): void {
    const row = this.#rows.get(peer);
    if (!row || stats.quality === 'unknown') return;
    part(row, 'small').textContent = describeQuality(stats);
  }

  #addRow(name: string): HTMLElement {
    const row = fromTemplate('person');
    paintPortrait(part(row, '.portrait'), name);
    part(row, '.name').textContent = name;
    this.#list.append(row);
    return row;
  }

  #add(peer: Peer): void {
    if (this.#rows.has(peer)) return;
    const name = nameOf(peer.info);
    const row = this.#addRow(name);
    const button = part(row, 'button');
    button.setAttribute('aria-label', texts.removeName(name));
    button.title = texts.removeName(name);
    button.addEventListener('click', () => void this.#sendOut(peer));
    this.#rows.set(peer, row);
    this.#refresh(peer);
    this.#count();
  }

  #remove(peer: Peer): void {
    this.#rows.get(peer)?.remove();
    this.#rows.delete(peer);
    this.#count();
  }

  async #sendOut(peer: Peer): Promise<void> {
    const dialog = element('kick-dialog', HTMLDialogElement);
    element('kick-title').textContent = texts.removeNameFromRoom(nameOf(peer.info));
    dialog.returnValue = '';
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    if (dialog.returnValue !== 'kick') return;
    try {
      await this.#visit.call.kick(peer.id);
    } catch (error) {
      tellNews(explain(error));
    }
  }

  #refreshAll(): void {
    show(this.#visit.call.isOwner, part(this.#self, '.owner-mark'));
    for (const peer of this.#rows.keys()) this.#refresh(peer);
    this.#count();
  }

  #refresh(peer: Peer): void {
    const row = this.#rows.get(peer);
    if (!row) return;
    const { owners, isOwner } = this.#visit.call;
    show(owners.has(peer.id), part(row, '.owner-mark'));
    show(isOwner, part(row, 'button'));
    const status = statusOf(peer);
    show(status?.microphone === false, part(row, '.muted-mark', SVGElement));
    show(status?.hand === true, part(row, '.hand-mark'));
  }

  #count(): void {
    const count = this.#rows.size + 1;
    element('people-count').textContent = String(count);
    element('people-count-text').textContent = texts.countInRoom(count);
  }
}
