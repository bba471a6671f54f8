// The events of docs/protocol.md as one writes them for Socket.IO: the peers do the same work as
// Heliograph, so that the comparison is one of servers and not of tasks.
import { Rooms } from './rooms.mjs';
import { sign, verify } from './tokens.mjs';

const DAY = 86400;
const INVALID = 'Token is not valid';
const TAKEN = 'Room already taken someone else. Please type another room name or stay it blank.';

// Long because it is written as Socket.IO applications are: handlers in one closure.
// `isShared`: other processes do the same for the same rooms.
export function install(io, secret, { isShared }) {
  const rooms = new Rooms(io, { isShared });

  // By way of the adapter even for one receiver: over uWebSockets.js that costs half of what
  // socket.emit does.
  const tell = (ids, event, message) => {
    for (const id of ids) io.to(id).emit(event, message);
  };

  io.use((socket, next) => {
    const app = verify(secret, socket.handshake.auth.token, 'app');
    next(app ? undefined : new Error(INVALID));
  });

  // Long because all handlers of a connection share its variables.
  io.on('connection', (socket) => {
    const mine = new Set(); // names of rooms that it is in, or has asked to enter

    // Every event but auth-request carries the session token; the handler gets the room as well.
    const on = (event, handle) =>
      socket.on(event, (message) => {
        const session = verify(secret, message?.auth, 'session');
        if (session?.socket !== socket.id) {
          socket.emit('unauthorized', { message: INVALID });
          return;
        }
        handle(message, rooms.get(message.room));
      });

    const about = (message, more) => ({
      room: message.room,
      peer_id: socket.id,
      ...more,
      peerinfo: socket.data.peerinfo,
      payload: message.payload,
    });

    socket.on('auth-request', (message) => {
      const app = verify(secret, message?.token, 'app');
      if (!app) {
        socket.emit('auth-reject', { message: INVALID, payload: message?.payload });
        return;
      }
      socket.data.peerinfo = message.peerinfo;
      const exp = Math.floor(Date.now() / 1000) + DAY;
      const token = sign(secret, { kind: 'session', app: app.app, socket: socket.id, exp });
      socket.emit('auth-accept', { token, payload: message.payload });
    });

    on('room-create-request', ({ room, payload }, taken) => {
      if (taken) {
        socket.emit('room-create-reject', { message: TAKEN, payload });
        return;
      }
      rooms.create(room, socket.id, socket.data.peerinfo);
      mine.add(room);
      rooms.changed(room, () => socket.emit('room-create-accept', { room, payload }));
    });

    on('room-join-request', (message, room) => {
      if (!room) {
        const { payload } = message;
        socket.emit('room-join-reject', { message: 'Room is not found.', payload });
        return;
      }
      room.pending.set(socket.id, socket.data.peerinfo);
      mine.add(message.room);
      rooms.changed(message.room, () => tell(room.owners, 'room-join-request', about(message)));
    });

    on('room-join-accept', (message, room) => {
      const id = message.peer_id ?? message.to;
      if (!room?.owners.has(socket.id) || !room.pending.has(id)) return;
      const { room: name, payload } = message;
      const peerinfo = room.pending.get(id);
      const joined = { room: name, peer_id: id, payload };
      const peers = [...room.members.keys()];
      const peersinfo = Object.fromEntries(room.members);
      room.pending.delete(id);
      room.members.set(id, peerinfo);
      rooms.changed(name, () => {
        tell([id], 'room-join-accept', { ...joined, peers, peersinfo });
        tell(peers, 'room-user-join', { ...joined, peerinfo });
      });
    });

    const relay = (event, outgoing, field) =>
      on(event, (message, room) => {
        const to = message.to ?? message.peer_id;
        if (!room?.members.has(to) || !room.members.has(socket.id)) return;
        tell([to], outgoing, about(message, { [field]: message[field] }));
      });
    relay('relay-session-description', 'session-description', 'session_description');
    relay('relay-ice-candidate', 'ice-candidate', 'ice_candidate');

    socket.on('disconnect', () => {
      for (const name of mine) {
        const room = rooms.get(name);
        const isMember = room?.members.delete(socket.id);
        if (!isMember && !room?.pending.delete(socket.id)) continue;
        room.owners.delete(socket.id);
        const [next] = room.members.keys();
        if (room.owners.size === 0 && next) room.owners.add(next);
        rooms.changed(name, () => {
          if (isMember) tell(room.members.keys(), 'room-user-leave', about({ room: name }));
        });
      }
    });
  });
}
