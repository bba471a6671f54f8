import { Call, Signal } from '@heliograph/client';
import { bindCall, bindDialogs, showCall } from './call_view.js';
import { DemoSwitchedOff, loadToken } from './config.js';
import { bindDevices } from './devices.js';
import { element } from './dom.js';
import { codeOf, explain } from './explain.js';
import { bindFullScreen } from './full_screen.js';
import { roomInAddress } from './link.js';
import { type Entrance, Lobby } from './lobby.js';
import { Media } from './media.js';
import { recallHere, rememberHere } from './memory.js';
import { askNeighbours } from './neighbours.js';
import { OwnStatus } from './own_status.js';
import { bindShortcuts } from './shortcuts.js';
import { Speakers } from './speakers.js';
import { texts } from './texts/index.js';
import { bindTheme } from './theme_button.js';
import { bindToolbar } from './toolbar.js';
import { translatePage } from './translate.js';
import type { Visit } from './visit.js';

/** Milliseconds until the page says that the server does not answer. */
const kUnreachable = 2500;

/** The call that this tab is in, to return to it after a reload. */
const kPresence = 'presence';
interface Presence {
  room: string;
  name: string;
}

translatePage();
bindTheme();
const media = new Media();
const speakers = new Speakers(media);
const lobby = new Lobby(roomInAddress());
let present: { visit: Visit; end: () => void } | null = null;

function newSignal(name: string): Signal {
  const path = new URL('socket.io/', window.location.href).pathname;
  return new Signal(window.location.origin, {
    token: loadToken,
    peerinfo: { name },
    socket: { path, reconnectionDelayMax: 3000 },
  });
}

function newVisit(name: string): Visit {
  const ending = new AbortController();
  const signal = newSignal(name);
  const call = new Call(signal, { media: media.stream, status: media.status });
  const status = new OwnStatus(call, media, ending.signal);
  const visit = { signal, call, media, speakers, status, name, over: ending.signal };
  present = {
    visit,
    end: () => {
      present = null;
      rememberHere(kPresence, null);
      ending.abort();
      const left = call.leave().catch(() => {}); // There may be nothing to leave.
      void left.finally(() => signal.close());
    },
  };
  return visit;
}

/** Sends the new track when the camera or the microphone changes. */
function sendMedia({ call, over }: Visit): void {
  const off = media.on('change', ({ kind }) => {
    call.replaceTrack('camera', kind, media.track(kind));
  });
  over.addEventListener('abort', off);
}

/** Returns to the lobby; `message` gives the reason, unless the person wished it. */
function goBack(message: string | null = null): void {
  present?.end();
  lobby.showForm(message);
}

function followEnd({ call }: Visit): void {
  call.on('ended', ({ reason, error }) => {
    if (present?.visit.call !== call) return;
    lobby.room = call.room;
    if (reason === 'kicked') goBack(texts.removed);
    else goBack(error ? explain(error) : texts.ended);
  });
}

async function create({ call }: Visit): Promise<void> {
  if (lobby.room) return call.create(lobby.room);
  try {
    await call.create(lobby.suggestedRoom);
  } finally {
    lobby.suggestRoom(); // If the name is taken, the next attempt has another one.
  }
}

async function join({ call, signal, over }: Visit): Promise<void> {
  const password = lobby.password ? { password: lobby.password } : {};
  const { room } = lobby;
  let hint = texts.waitingHint;
  const say = (): void => {
    const isAway = signal.state === 'reconnecting';
    const waiting = texts.waitingFor(room);
    lobby.showWaiting(isAway ? texts.lostTrying : waiting, hint);
  };
  const off = signal.on('state', () => over.aborted || say());
  const found = (): void => {
    hint = texts.waitingForSelf;
    say();
  };
  say();
  const answered = new AbortController();
  askNeighbours(room, found, answered.signal);
  try {
    await call.join(lobby.room, { signal: over, ...password });
  } finally {
    answered.abort();
    off();
  }
}

async function connect({ signal, over }: Visit): Promise<void> {
  lobby.showWaiting(texts.connecting);
  const say = (): void => lobby.showWaiting(texts.unreachableTrying);
  const timer = window.setTimeout(say, kUnreachable);
  try {
    await signal.open({ keepTrying: true, signal: over });
  } finally {
    window.clearTimeout(timer);
  }
}

async function enter(entrance: Entrance): Promise<void> {
  if (entrance === 'join' && !lobby.room) {
    lobby.askForRoom();
    return;
  }
  present?.end();
  const visit = newVisit(lobby.userName);
  const entered = bindCall(visit);
  sendMedia(visit);
  followEnd(visit);
  try {
    await connect(visit);
    await (entrance === 'create' ? create(visit) : join(visit));
    if (visit.over.aborted) return;
    showCall(visit);
    entered();
    rememberHere(kPresence, { room: visit.call.room, name: visit.name } satisfies Presence);
  } catch (error) {
    if (!visit.over.aborted) fail(entrance, error);
  }
}

function fail(entrance: Entrance, error: unknown): void {
  const password = lobby.password;
  goBack();
  if (codeOf(error) === 'wrong-password') lobby.askForPassword(password !== '');
  else if (codeOf(error) === 'disconnected')
    void enter(entrance); // A person who waits keeps waiting.
  else lobby.showMessage(explain(error));
}

function leave(): void {
  lobby.room = present?.visit.call.room || lobby.room;
  goBack();
}

async function start(): Promise<void> {
  lobby.bind(
    (entrance) => void enter(entrance),
    () => goBack(),
  );
  element('leave').addEventListener('click', leave);
  bindDialogs();
  bindToolbar();
  bindFullScreen();
  bindShortcuts();
  bindDevices(media, speakers);
  void media.open();
  const presence = recallHere(kPresence) as Presence | null;
  if (presence && presence.room === lobby.room) return comeBack(presence);
  // This only shows whether there is a demo; entering asks again.
  await loadToken().catch((error: unknown) => {
    if (error instanceof DemoSwitchedOff) lobby.showUnavailable(error.message);
    else lobby.showMessage(texts.unreachable);
  });
}

/** Returns to the call that the page was in before it was reloaded. */
async function comeBack({ room, name }: Presence): Promise<void> {
  lobby.room = room;
  lobby.userName = name;
  await enter('join');
}

void start();
