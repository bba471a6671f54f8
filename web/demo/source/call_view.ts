import { watchStats } from '@heliograph/client/stats';
import { bindBanner } from './banner.js';
import { Candidates } from './candidates.js';
import { Chat } from './chat.js';
import { Door } from './door.js';
import { element, part, show } from './dom.js';
import { bindHand, tellHands } from './hand.js';
import { KnockSound } from './knock_sound.js';
import { linkTo } from './link.js';
import { MuteRequests } from './mute_requests.js';
import { nameOf } from './names.js';
import { answerNeighbours } from './neighbours.js';
import { tellNews } from './news.js';
import { chatPanel, peoplePanel } from './panels.js';
import { People } from './people.js';
import { Reactions } from './reactions.js';
import { ScreenShare } from './screen.js';
import { texts } from './texts/index.js';
import { beThrifty } from './thrift.js';
import { Tiles } from './tiles.js';
import { closeMenus } from './toolbar.js';
import { onClick, type Visit } from './visit.js';
import { stayAwake } from './wake.js';

/** Milliseconds between two measurements of the connections. */
const kStatsInterval = 2000;

/** If the page cannot use the clipboard, the link is selected, so that people can copy it. */
async function copyLink(link: HTMLAnchorElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(link.href);
    tellNews(texts.linkCopied);
  } catch {
    window.prompt(texts.copyByHand, link.href);
  }
}

function bindLink(visit: Visit): void {
  const link = element('room-link', HTMLAnchorElement);
  for (const id of ['copy-link', 'copy-invite']) {
    onClick(visit, element(id), () => void copyLink(link));
  }
  // Opens a window, because a tab would hide this page.
  const openWindow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.open(link.href, '_blank', 'popup,noopener,width=1000,height=760');
  };
  element('open-link').addEventListener('click', openWindow, { signal: visit.over });
}

function showLink(room: string): void {
  const href = linkTo(room);
  const link = element('room-link', HTMLAnchorElement);
  link.href = href;
  link.textContent = href.replace(/^https?:\/\//, '');
  element('open-link', HTMLAnchorElement).href = href;
  window.history.replaceState(null, '', href);
}

function tellComings({ call }: Visit): void {
  let isOwner = false;
  call.on('peer-joined', ({ peer }) => tellNews(texts.cameIn(nameOf(peer.info))));
  call.on('peer-left', ({ peer }) => tellNews(texts.hasLeft(nameOf(peer.info))));
  call.on('owner-changed', ({ isOwner: isNow }) => {
    if (isNow && !isOwner && call.peers.size > 0) {
      tellNews(texts.yoursNow);
    }
    isOwner = isNow;
  });
}

/**
 * Builds the view of a call before it is entered, so that no event is missed. Returns a function to
 * call after that.
 */
export function bindCall(visit: Visit): () => void {
  tellComings(visit);
  answerNeighbours(() => (visit.call.isOwner ? visit.call.room : null), visit.over);
  bindBanner(visit);
  const tiles = new Tiles(visit);
  new ScreenShare(visit, tiles);
  new Reactions(visit, tiles);
  new Candidates(visit);
  new KnockSound(visit);
  new MuteRequests(visit);
  bindHand(visit);
  beThrifty(visit);
  tellHands(visit);
  const chat = new Chat(visit, chatPanel);
  const people = new People(visit);
  new Door(visit);
  bindLink(visit);
  const unwatch = watchStats(visit.call, kStatsInterval, ({ peer, stats }) => {
    tiles.showQuality(peer, stats);
    people.showQuality(peer, stats);
  });
  visit.over.addEventListener('abort', () => {
    unwatch();
    chatPanel.hide();
    peoplePanel.hide();
    closeMenus();
    for (const dialog of document.querySelectorAll('dialog')) dialog.close();
  });
  return () => chat.restore(visit.call.room);
}

/** Shows the call after it is entered. */
export function showCall({ call, over }: Visit): void {
  document.body.dataset['screen'] = 'call';
  show(false, element('lobby'));
  show(true, element('call'), element('place'), element('copy-link'));
  Object.assign(element('room-name'), { textContent: call.room, title: call.room });
  document.title = texts.pageTitle(call.room);
  showLink(call.room);
  stayAwake(over);
  element('main').focus();
}

export function bindDialogs(): void {
  for (const name of ['devices', 'shortcuts']) {
    const dialog = element(`${name}-dialog`, HTMLDialogElement);
    element(`open-${name}`).addEventListener('click', () => dialog.showModal());
  }
  // A click beside a dialog closes it.
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
    part(dialog, 'form').addEventListener('click', (event) => event.stopPropagation());
  }
}
