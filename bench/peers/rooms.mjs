// The rooms that there are: name → { owners: Set of ids, members and pending: Map of id →
// peerinfo }. Where several processes are one server each has a copy of them all, so that a relay
// asks nobody: that is the cheapest way to know who is in a room. Two creators of one name may both
// win.
export class Rooms {
  #io;
  #isShared;
  #rooms = new Map();

  constructor(io, { isShared }) {
    this.#io = io;
    this.#isShared = isShared;
    io.on('room', (name, copy, done) => {
      this.#put(name, copy);
      done();
    });
  }

  get(name) {
    return this.#rooms.get(name);
  }

  create(name, owner, peerinfo) {
    const members = new Map([[owner, peerinfo]]);
    this.#rooms.set(name, { owners: new Set([owner]), members, pending: new Map() });
  }

  // To be called after each change; calls `then` when every process knows of it.
  changed(name, then = () => {}) {
    const room = this.#rooms.get(name);
    if (room.members.size === 0) this.#rooms.delete(name);
    if (!this.#isShared) {
      then();
      return;
    }
    const { owners, members, pending } = room;
    const copy = { owners: [...owners], members: [...members], pending: [...pending] };
    this.#io.serverSideEmit('room', name, copy, (error) => {
      if (error) throw error;
      then();
    });
  }

  #put(name, { owners, members, pending }) {
    if (members.length === 0) {
      this.#rooms.delete(name);
      return;
    }
    const room = { owners: new Set(owners), members: new Map(members), pending: new Map(pending) };
    this.#rooms.set(name, room);
  }
}
