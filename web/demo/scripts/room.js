import { Peer } from './peer.js';
import { ConnectionLost, Refusal, Signal } from './signal.js';

const roomNotFound = 'Room is not found.';

/** The name to show for a peer; `peerinfo` comes from strangers and may be anything. */
function nameOf(peerinfo) {
  const name = typeof peerinfo?.name === 'string' ? peerinfo.name.trim() : '';
  return [...name].slice(0, 40).join('') || 'Guest';
}

/**
 * One visit to one room: the members and the connection to each (a full mesh), the candidates who
 * ask to come in, and who owns the room. It survives the loss of the signalling connection by
 * coming back. It tells of
 * - "status" `{status, room, error}`: "connecting", "unreachable", "waiting" (for the owner),
 *   "inside", "reconnecting", "closed" (for good; `error` says why, null if by `leave`);
 * - "member" `{id, name, peer}`, "member-gone" `{id, name}`;
 * - "candidate" `{id, name}`, "candidate-gone" `{id, name, unanswered}`;
 * - "owner" `{id, self}`.
 */
export class Room extends EventTarget {
  #media;
  #signal;
  #name;
  #creates;
  #status = null;
  #hasBeenInside = false;
  #owner = null;
  #members = new Map();
  #candidates = new Map();
  #departed = new Set();

  constructor({ name, userName, media }) {
    super();
    this.#name = name;
    this.#media = media;
    this.#signal = new Signal({ name: userName });
    this.#listen();
  }

  /** Makes the room (the server picks a name if it has none) and owns it. */
  create() {
    this.#open(true);
  }

  /** Asks the owner to be let in. */
  join() {
    this.#open(false);
  }

  leave() {
    this.#close(null);
  }

  accept(id) {
    // The payload tells the newcomer and everyone else who owns the room.
    return this.#decide('room-join-accept', id, { owner: this.#signal.peerId });
  }

  reject(id) {
    return this.#decide('room-join-reject', id);
  }

  #open(creates) {
    this.#creates = creates;
    this.#setStatus('connecting');
    this.#signal.connect();
  }

  #listen() {
    const on = (event, listener) =>
      this.#signal.addEventListener(event, ({ detail }) => listener(detail));
    on('ready', () => this.#enter());
    on('unreachable', () => this.#setAway());
    on('lost', () => this.#setAway());
    on('failed', (error) => this.#close(error));
    on('room-join-request', ({ peer_id, peerinfo }) => this.#welcomeCandidate(peer_id, peerinfo));
    on('room-user-join', ({ peer_id, peerinfo, payload }) => {
      this.#removeCandidate(peer_id);
      this.#member(peer_id, peerinfo);
      this.#setOwner(payload?.owner);
    });
    on('room-user-leave', ({ peer_id }) => this.#removeMember(peer_id));
    on('room-owner-change', ({ peer_id }) => this.#setOwner(peer_id));
    on('session-description', ({ peer_id, peerinfo, session_description }) =>
      this.#member(peer_id, peerinfo)?.receiveDescription(session_description),
    );
    on('ice-candidate', ({ peer_id, peerinfo, ice_candidate }) =>
      this.#member(peer_id, peerinfo)?.receiveCandidate(ice_candidate),
    );
    this.#media.addEventListener('change', this.#onMediaChange);
  }

  #onMediaChange = ({ detail }) => {
    for (const { peer } of this.#members.values()) {
      peer.refreshTrack(detail.kind).catch(reportError);
    }
  };

  async #enter() {
    this.#forgetEveryone(); // After a reconnection we are somebody new to them.
    try {
      if (this.#hasBeenInside) await this.#comeBack();
      else if (this.#creates) await this.#createRoom();
      else await this.#joinRoom();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) this.#close(error);
    }
  }

  async #createRoom() {
    this.#name = await this.#signal.createRoom(this.#name);
    this.#setInside();
    this.#setOwner(this.#signal.peerId);
  }

  async #joinRoom() {
    const waiting = () => this.#setStatus('waiting');
    const { peers, peersinfo, payload } = await this.#signal.joinRoom(this.#name, waiting);
    this.#setInside();
    // The newcomer makes the offers. It alone learns in one message whom it has to reach; the
    // others hear of it one by one, and might reach it before it knows that it is in. As one side
    // only begins, no two first offers meet.
    for (const id of peers) this.#member(id, peersinfo?.[id])?.start();
    this.#setOwner(payload?.owner);
  }

  /** The room may live on without us or have gone when we, its last member, were lost. */
  async #comeBack() {
    try {
      await this.#joinRoom();
    } catch (error) {
      if (!(error instanceof Refusal) || error.message !== roomNotFound) throw error;
      await this.#createRoom().catch((taken) => {
        if (!(taken instanceof Refusal)) throw taken;
        return this.#joinRoom(); // Another one came back at the same time, and was quicker.
      });
    }
  }

  #setAway() {
    this.#forgetCandidates(); // They ask the next owner, or ask again.
    this.#setStatus(this.#hasBeenInside ? 'reconnecting' : 'unreachable');
  }

  #setInside() {
    this.#hasBeenInside = true;
    this.#setStatus('inside');
  }

  /**
   * The member of that id, made known when it is new: its first offer may overtake the news of its
   * coming. Null if it has left already: what it sent before may arrive after.
   */
  #member(id, peerinfo) {
    if (this.#departed.has(id)) return null;
    const known = this.#members.get(id);
    if (known) return known.peer;
    const name = nameOf(peerinfo);
    const peer = this.#connect(id);
    this.#members.set(id, { name, peer });
    this.#tell('member', { id, name, peer });
    return peer;
  }

  #connect(id) {
    const address = () => ({ room: this.#name, to: id, peer_id: id });
    const relay = (event, body) =>
      this.#signal.request(event, { ...address(), ...body }).catch(() => {
        // The other one has left or the connection is lost: either way news of it is on its way.
      });
    return new Peer({
      iceServers: this.#signal.iceServers,
      polite: this.#signal.peerId < id,
      media: this.#media,
      relay: {
        description: (description) =>
          relay('relay-session-description', { session_description: description }),
        candidate: (candidate) => relay('relay-ice-candidate', { ice_candidate: candidate }),
      },
    });
  }

  #removeMember(id) {
    this.#departed.add(id);
    const member = this.#members.get(id);
    if (!member) return;
    member.peer.close();
    this.#members.delete(id);
    this.#tell('member-gone', { id, name: member.name });
  }

  #welcomeCandidate(id, peerinfo) {
    this.#removeCandidate(id); // Whoever asks twice is shown once.
    const name = nameOf(peerinfo);
    this.#candidates.set(id, name);
    this.#tell('candidate', { id, name });
  }

  #removeCandidate(id, unanswered = false) {
    const name = this.#candidates.get(id);
    if (!this.#candidates.delete(id)) return;
    this.#tell('candidate-gone', { id, name, unanswered });
  }

  async #decide(event, id, payload) {
    try {
      await this.#signal.request(event, { room: this.#name, peer_id: id, to: id, payload });
      this.#removeCandidate(id);
    } catch {
      this.#removeCandidate(id, true); // It no longer asks: gone, or answered by another owner.
    }
  }

  #setOwner(id) {
    if (typeof id !== 'string' || id === this.#owner) return;
    this.#owner = id;
    this.#tell('owner', { id, self: id === this.#signal.peerId });
  }

  #forgetCandidates() {
    for (const id of [...this.#candidates.keys()]) this.#removeCandidate(id);
  }

  #forgetEveryone() {
    this.#forgetCandidates();
    for (const id of [...this.#members.keys()]) this.#removeMember(id);
    this.#departed.clear();
    this.#owner = null;
  }

  #close(error) {
    if (this.#status === 'closed') return;
    this.#setStatus('closed', error);
    this.#media.removeEventListener('change', this.#onMediaChange);
    this.#forgetEveryone();
    this.#signal.disconnect();
  }

  #setStatus(status, error = null) {
    if (this.#status === 'closed') return;
    this.#status = status;
    this.#tell('status', { status, room: this.#name, error });
  }

  #tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}
