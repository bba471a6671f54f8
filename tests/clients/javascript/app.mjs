// app.mjs PACKAGE URL TOKEN TRANSPORT ROLE ROOM NAME: an app as ../app.mjs expects one.
const [library, url, token, transport, role, room, name] = process.argv.slice(2);
const { io } = await import(library);

const transports = transport === 'upgrade' ? ['polling', 'websocket'] : [transport];
const socket = io(url, { transports, auth: { token }, reconnectionDelay: 100 });
let auth;

const say = (event, data) => console.log(JSON.stringify({ event, data }));
const send = (event, fields) => socket.emit(event, { auth, room, ...fields });
const sendTo = (peer, event, fields) => send(event, { to: peer, peer_id: peer, ...fields });
const description = (type) => ({
  type,
  sdp: `v=0\r\no=- ${name} “κόσμε”\r\n${'a=candidate\r\n'.repeat(500)}`,
});
const candidate = () => ({ candidate: `candidate of ${name}`, sdpMLineIndex: 0 });

socket.on('connect', () => socket.emit('auth-request', { token, peerinfo: { name } }));
socket.on('connect_error', ({ message }) => say('connect_error', { message }));
for (const event of [
  'auth-reject',
  'unauthorized',
  'request-error',
  'room-create-accept',
  'room-create-reject',
  'room-join-reject',
  'room-user-leave',
  'ice-candidate',
])
  socket.on(event, (data) => say(event, data));

socket.on('auth-accept', (data) => {
  auth = data.token;
  if (role === 'owner') send('room-create-request');
  else send('room-join-request', { payload: { from: name } });
});
socket.on('room-join-request', (data) => {
  say('room-join-request', data);
  const answer = data.peerinfo.name === 'stranger' ? 'room-join-reject' : 'room-join-accept';
  sendTo(data.peer_id, answer);
});
socket.on('room-join-accept', (data) => {
  say('room-join-accept', data);
  if (role === 'sender')
    sendTo(data.peers[0], 'relay-message', { data: Uint8Array.from({ length: 200 }, (_, i) => i) });
});
socket.on('room-user-join', (data) => {
  say('room-user-join', data);
  if (role === 'owner')
    sendTo(data.peer_id, 'relay-session-description', {
      session_description: description('offer'),
    });
});
socket.on('session-description', (data) => {
  say('session-description', data);
  if (data.session_description.type === 'offer')
    sendTo(data.peer_id, 'relay-session-description', {
      session_description: description('answer'),
    });
  sendTo(data.peer_id, 'relay-ice-candidate', { ice_candidate: candidate() });
});
socket.on('message', ({ peer_id, data }) =>
  say('message', { peer_id, hex: Buffer.from(data).toString('hex') }),
);

process.stdin.resume().on('end', () => socket.disconnect());
