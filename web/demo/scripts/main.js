import { loadConfig } from './config.js';
import { bindDevices } from './devices.js';
import { Media } from './media.js';
import { Room } from './room.js';
import { View } from './view.js';

const media = new Media();
const view = new View(document);
let room = null;

/** The room that the address names, as `?room=…` or `#room=…`. */
function roomInAddress() {
  const { search, hash } = window.location;
  const name =
    new URLSearchParams(search).get('room') ?? new URLSearchParams(hash.slice(1)).get('room');
  return name ?? '';
}

function linkTo(name) {
  const link = new URL('/demo', window.location);
  link.searchParams.set('room', name);
  return link.href;
}

function enter(how) {
  if (how === 'join' && !view.roomName) return view.askForRoom();
  const userName = view.userName || 'Guest';
  room = new Room({ name: view.roomName, userName, media });
  room.addEventListener('status', ({ detail }) => onStatus(detail, userName));
  const on = (event, listener) => room.addEventListener(event, ({ detail }) => listener(detail));
  on('member', ({ id, name, peer }) => {
    view.tiles.addPeer(id, name, peer);
    view.showNews(`${name} is in the room.`);
  });
  on('member-gone', ({ id, name }) => {
    view.tiles.remove(id);
    view.showNews(`${name} has left.`);
  });
  on('candidate', ({ id, name }) => {
    const decided = { onAccept: () => room.accept(id), onReject: () => room.reject(id) };
    view.addCandidate(id, name, decided);
  });
  on('candidate-gone', ({ id, name, unanswered }) => {
    view.removeCandidate(id);
    if (unanswered) view.showNews(`${name} no longer waits to come in.`);
  });
  on('owner', ({ id, self }) => {
    view.tiles.setOwner(self ? 'self' : id);
    if (self) view.showNews('The room is yours: send its link, and decide who comes in.');
  });
  if (how === 'create') room.create();
  else room.join();
}

function onStatus({ status, room: name, error }, userName) {
  if (status === 'inside') {
    view.tiles.clear();
    view.tiles.addSelf(userName, media);
    view.showCall(name, linkTo(name));
    window.history.replaceState(null, '', linkTo(name));
  } else if (status === 'reconnecting') {
    view.showBanner('The connection to the server is lost. Reconnecting…');
  } else if (status === 'closed') {
    view.tiles.clear();
    view.roomName = name;
    view.showLobby(error);
  } else {
    view.showWaiting(status, name);
  }
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(view.roomLink);
    view.showNews('The link is copied. Send it to whom you want to meet.');
  } catch {
    view.selectLink();
    view.showNews('Copy the marked link.');
  }
}

async function start() {
  view.roomName = roomInAddress();
  if (view.roomName) view.preferJoining();
  view.bind({
    onEnter: enter,
    onCancel: () => room.leave(),
    onLeave: () => room.leave(),
    onCopyLink: copyLink,
  });
  bindDevices(document, media);
  await loadConfig();
  await media.open();
}

start().catch((error) => view.showUnavailable(error));
