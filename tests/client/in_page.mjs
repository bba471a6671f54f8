// Runs in Chromium, as the global `lab`: what the tests do with the package there.
import { Call, Signal } from '@heliograph/client';

export { watchStats } from '@heliograph/client/stats';

/** A picture that moves and a tone, small enough that a laptop bears a dozen of them. */
export function madeUpMedia({ audio = true, video = true } = {}) {
  const stream = new MediaStream();
  if (video) {
    const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 72 });
    const drawing = canvas.getContext('2d');
    let count = 0;
    setInterval(() => {
      count += 1;
      drawing.fillStyle = `hsl(${(count * 9) % 360} 90% 60%)`;
      drawing.fillRect(0, 0, 96, 72);
    }, 100);
    stream.addTrack(canvas.captureStream(8).getVideoTracks()[0]);
  }
  if (audio) {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const end = context.createMediaStreamDestination();
    tone.connect(end);
    tone.start();
    stream.addTrack(end.stream.getAudioTracks()[0]);
  }
  return stream;
}

/** Everybody in this page by name: `{signal, call, log}`; `log` has the call's events in order. */
export const people = {};

const logged = [
  'peer-joined',
  'peer-left',
  'peer-renamed',
  'connection-state',
  'stream',
  'stream-removed',
  'message',
  'status',
  'channel',
  'owner-changed',
  'room-updated',
  'join-request',
  'join-cancel',
  'kicked',
  'mute-request',
  'ended',
  'error',
];

/**
 * For people who are `isOld`: the messages that they got, in pieces, and a way to send anything.
 */
export const pieces = [];
export const rawChannels = [];

/** That of a client from before there were chunks: it does not say that it takes them. */
class OldConnection extends RTCPeerConnection {
  createDataChannel(...values) {
    const channel = super.createDataChannel(...values);
    channel.send = (data) => {
      if (!/^{"maxMessageBytes"/.test(data)) RTCDataChannel.prototype.send.call(channel, data);
    };
    channel.addEventListener('message', ({ data }) => pieces.push(data));
    rawChannels.push(channel);
    return channel;
  }
}

/**
 * Somebody arrives: signed in, with a call that is not entered yet. Owners let everybody in.
 * `isOld`: it is a client that knows no chunks.
 */
export async function arrive(name, url, token, { signal: signalOptions, isOld, ...options } = {}) {
  const signal = await Signal.connect(url, { token, peerinfo: { name }, ...signalOptions });
  const media = options.media === null ? null : madeUpMedia(options.media);
  if (isOld) options.RTCPeerConnection = OldConnection;
  const call = new Call(signal, { ...options, ...(media && { media }) });
  const log = [];
  for (const event of logged) call.on(event, (detail) => log.push({ event, ...detail }));
  call.on('join-request', ({ peerId }) => call.accept(peerId));
  const states = [];
  signal.on('state', ({ state }) => states.push(state));
  people[name] = { signal, call, log, states, media };
  return people[name];
}

/** The peer of that name as this person sees it. */
export const peerOf = (person, name) =>
  [...people[person].call.peers.values()].find(({ info }) => info?.name === name);

const players = new Map();

/** Whether pictures have arrived through the stream of that kind since the last question. */
export function isMoving(person, name, kind = 'camera') {
  const stream = peerOf(person, name)?.streams.get(kind);
  if (!stream) return false;
  let player = players.get(stream);
  if (!player) {
    const video = document.createElement('video');
    Object.assign(video, { muted: true, srcObject: stream });
    video.play().catch(() => {});
    player = { video, seen: 0 };
    players.set(stream, player);
    return false;
  }
  const { totalVideoFrames } = player.video.getVideoPlaybackQuality();
  const moves = totalVideoFrames > player.seen && player.video.videoWidth > 0;
  player.seen = totalVideoFrames;
  return moves;
}

/** Whether these are connected with each other and nobody else, and hold a stable negotiation. */
export function areConnected(...names) {
  return names.every((name) => {
    const { call } = people[name];
    const peers = [...call.peers.values()];
    return (
      peers.length === names.length - 1 &&
      names.filter((other) => other !== name).every((other) => peerOf(name, other)) &&
      peers.every(
        ({ connection, connectionState }) =>
          connectionState === 'connected' && connection.signalingState === 'stable',
      )
    );
  });
}

const videoSenders = (person, name) =>
  peerOf(person, name)
    .connection.getSenders()
    .filter((sender) => sender.track?.kind === 'video' && sender.getParameters().encodings.length);

/** The most that each video may take which the person sends to the other one; null: no limit. */
export const videoLimits = (person, name) =>
  videoSenders(person, name).map(
    (sender) => sender.getParameters().encodings[0].maxBitrate ?? null,
  );

/** The codecs of the videos that the person sends to the other one, as soon as they are in use. */
export async function videoCodecs(person, name) {
  const reports = await Promise.all(
    videoSenders(person, name).map(async (sender) => [...(await sender.getStats()).values()]),
  );
  return reports.map((report) => {
    const { codecId, framesSent } = report.find(({ type }) => type === 'outbound-rtp') ?? {};
    return framesSent > 0 && report.find(({ id }) => id === codecId)?.mimeType;
  });
}

/** A buffer of which no two parts are alike. */
export function madeUpBytes(size) {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) bytes[index] = (index * 7 + (index >> 8)) % 251;
  return bytes.buffer;
}

export async function digest(buffer) {
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', buffer))].join();
}

/** The messages that this person got by `send`. */
export const messagesOf = (name) =>
  people[name].log.filter(({ event }) => event === 'message').map(({ data }) => data);

/** The errors of everybody's call. */
export const errors = () =>
  Object.entries(people).flatMap(([name, { log }]) =>
    log.filter(({ event }) => event === 'error').map(({ error }) => `${name}: ${error}`),
  );

export async function everybodyLeaves() {
  await Promise.all(
    Object.values(people).map(async ({ signal, call }) => {
      await call.leave();
      signal.close();
    }),
  );
  for (const name of Object.keys(people)) Reflect.deleteProperty(people, name);
}

/** Those whose next offer waits until all of them have made one; and what lets the offers go. */
let armed = new Set();
let releases = [];

/** The next offers of these people meet. */
export function armCollision(...names) {
  armed = new Set(names);
}

/** Whether they have met. */
export const haveCollided = () => armed.size === 0 && releases.length === 0;

/** Lets `armCollision` have a hand in the person's offers. */
export function holdOffers(name) {
  const { signal } = people[name];
  const send = signal.sendDescription.bind(signal);
  signal.sendDescription = async (room, to, description, options) => {
    if (description.type === 'offer' && armed.delete(name)) {
      const released = new Promise((resolve) => releases.push(resolve));
      if (armed.size === 0) for (const release of releases.splice(0)) release();
      await released;
    }
    return send(room, to, description, options);
  };
}

/** The ICE user name fragments that the person's connection to the other one uses. */
export function fragments(person, name) {
  const { localDescription, remoteDescription } = peerOf(person, name).connection;
  const [local, remote] = [localDescription, remoteDescription].map(
    ({ sdp }) => /^a=ice-ufrag:(\S+)/m.exec(sdp)[1],
  );
  return { local, remote };
}

/** The person's connection believes that it has failed; the network of a loopback never does. */
export function pretendFailure(person, name) {
  const { connection } = peerOf(person, name);
  Object.defineProperty(connection, 'connectionState', { value: 'failed', configurable: true });
  connection.dispatchEvent(new Event('connectionstatechange'));
  delete connection.connectionState;
}
