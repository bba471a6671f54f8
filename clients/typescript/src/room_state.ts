import type { EmitCall } from './call_events.js';
import type { PeerEvent, RoomSettings } from './protocol.js';
import type { Signal } from './signal.js';

/** What is known of a room besides its members: who owns it, its rules, who waits to come in. */
export class RoomState {
  name = '';
  owners: ReadonlySet<string> = new Set();
  settings: RoomSettings | null = null;
  readonly candidates = new Map<string, PeerEvent>();
  readonly #signal: Signal;
  readonly #emit: EmitCall;

  constructor(signal: Signal, emit: EmitCall) {
    this.#signal = signal;
    this.#emit = emit;
  }

  get isOwner(): boolean {
    return this.owners.has(this.#signal.id);
  }

  /** Asks the server. What it does not tell (we may have left by now) stays unknown. */
  async learn(): Promise<void> {
    const info = await this.#signal.roomInfo(this.name).catch(() => null);
    if (!info) return;
    this.setOwners(info.owners);
    this.setSettings(info);
  }

  setOwners(ids: string[]): void {
    const isSame = ids.length === this.owners.size && ids.every((id) => this.owners.has(id));
    if (isSame) return;
    this.owners = new Set(ids);
    this.#emit('owner-changed', { owners: this.owners, isOwner: this.isOwner });
  }

  setSettings({ locked, capacity, admission }: RoomSettings): void {
    this.settings = { locked, capacity, admission };
    this.#emit('room-updated', { settings: this.settings });
  }

  /** Somebody waits to be let in. */
  asked(request: PeerEvent): void {
    this.candidates.set(request.peerId, request);
    this.#emit('join-request', request);
  }

  /** It waits no more. */
  answered(peerId: string): void {
    if (this.candidates.delete(peerId)) this.#emit('join-cancel', { peerId });
  }

  left(peerId: string): void {
    this.owners = new Set([...this.owners].filter((id) => id !== peerId));
  }

  /** The server has lost its memory, or we our place. */
  clear(): void {
    this.owners = new Set();
    for (const peerId of [...this.candidates.keys()]) this.answered(peerId);
  }
}
