// A program in a room, here one that answers questions. It talks by way of the server; there is no
// WebRTC in it, as Node has none: HELIOGRAPH=http://localhost:5000 APP_TOKEN=… node node_peer.mjs
import { Signal } from '@heliograph/client';

const { HELIOGRAPH = 'http://localhost:5000', APP_TOKEN, ROOM = 'examples: node' } = process.env;

const report = ({ message }) => console.error(message);

async function start() {
  const signal = await Signal.connect(HELIOGRAPH, {
    token: APP_TOKEN,
    peerinfo: { name: 'The clock' },
  });
  signal.on('room-join-request', ({ room, peerId }) => signal.accept(room, peerId).catch(report));
  signal.on('room-user-join', ({ room, peerId: to }) => {
    signal.sendMessage(room, 'Ask me for the time.', { to }).catch(report);
  });
  signal.on('message', ({ room, peerId: to, data }) => {
    console.log(`${to}: ${JSON.stringify(data)}`);
    signal.sendMessage(room, new Date().toISOString(), { to }).catch(report);
  });
  signal.on('state', ({ state }) => console.log(state));

  process.once('SIGTERM', () => signal.close());
  const { created } = await signal.enterRoom(ROOM);
  console.log(`${created ? 'created' : 'joined'} ${ROOM}`);
}

start().catch((error) => {
  report(error);
  process.exit(1);
});
