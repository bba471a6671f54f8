import { Tiles } from './tiles.js';

const waitingTexts = {
  connecting: () => 'Connecting…',
  unreachable: () => 'The server cannot be reached. Trying again…',
  waiting: (room) => `Waiting for the owner of “${room}” to let you in…`,
};

/** What the server's refusals mean to the person before the screen. */
const refusalTexts = {
  'Room already taken someone else. Please type another room name or stay it blank.':
    'That room name is taken. Choose another one, leave it blank, or ask to join that room.',
  'Room is not found.': 'There is no such room. Check its name, or create it.',
  'Room owner was rejected your request': 'The owner of the room did not let you in.',
  'Token is not valid': 'The server refused this page. Reload it and try again.',
};

/** The page: shows what it is told, knows nothing of rooms and connections. */
export class View {
  tiles;
  #page;
  #candidates = new Map();

  constructor(page) {
    this.#page = page;
    this.tiles = new Tiles(this.#element('stage'), this.#element('tile'));
  }

  get userName() {
    return this.#element('user-name').value.trim();
  }

  get roomName() {
    return this.#element('room').value.trim();
  }

  set roomName(name) {
    this.#element('room').value = name;
  }

  get roomLink() {
    return this.#element('room-link').href;
  }

  /** Somebody followed a link to a room: asking to join comes first. */
  preferJoining() {
    const actions = this.#element('actions');
    const [create, join] = actions.children;
    create.classList.remove('primary');
    join.classList.add('primary');
    actions.prepend(join); // Also the one that Enter presses.
  }

  /** `onEnter("create" | "join")`, `onCancel()`, `onLeave()`, `onCopyLink()`. */
  bind({ onEnter, onCancel, onLeave, onCopyLink }) {
    this.#element('entry').addEventListener('submit', (event) => {
      event.preventDefault();
      onEnter(event.submitter.value);
    });
    for (const button of this.#element('actions').children) button.disabled = false;
    const onClick = (id, listener) => this.#element(id).addEventListener('click', listener);
    onClick('cancel', onCancel);
    onClick('leave', onLeave);
    onClick('copy-link', onCopyLink);
    onClick('open-devices', () => this.#element('devices-dialog').showModal());
  }

  /** The lobby with its form, and an Error or text that says why one is back here. */
  showLobby(reason = null) {
    this.#showScreen('lobby');
    this.#show('entry', true);
    this.#show('waiting', false);
    this.showMessage(reason);
    this.#element('main').focus();
  }

  showMessage(reason) {
    const text = reason?.message ?? reason;
    this.#setText('message', refusalTexts[text] ?? text);
  }

  /** The server has no demo: nothing to be done on this page. */
  showUnavailable(reason) {
    this.showLobby(reason);
    this.#show('entry', false);
  }

  askForRoom() {
    this.showMessage('Type the name of the room you want to join.');
    this.#element('room').focus();
  }

  /** `status`: a key of `waitingTexts`. */
  showWaiting(status, room) {
    this.#showScreen('lobby');
    this.showMessage(null);
    this.#show('entry', false);
    this.#show('waiting', true);
    this.#setText('waiting-text', waitingTexts[status](room));
    this.#element('waiting').focus();
  }

  showCall(room, link) {
    this.#showScreen('call');
    this.showBanner(null);
    this.showNews('');
    this.#setText('room-name', room);
    this.#element('room-link').href = link;
    this.#page.title = `${room} – Heliograph demo`;
    this.#element('main').focus();
  }

  showBanner(text) {
    this.#setText('banner', text);
  }

  showNews(text) {
    this.#element('news').textContent = text;
  }

  /** Where the clipboard is out of reach, the link is marked to be copied by hand. */
  selectLink() {
    const link = this.#element('room-link');
    link.textContent = link.href;
    this.#page.getSelection().selectAllChildren(link);
  }

  addCandidate(id, name, { onAccept, onReject }) {
    const card = this.#element('candidate').content.firstElementChild.cloneNode(true);
    card.dataset.peerId = id;
    card.querySelector('[data-testid=candidate-name]').textContent = name;
    const decide = (testId, listener, label) => {
      const button = card.querySelector(`[data-testid=${testId}]`);
      button.setAttribute('aria-label', `${label} ${name}`);
      button.addEventListener('click', () => {
        listener();
        this.#retire(card);
      });
    };
    decide('accept', onAccept, 'Accept');
    decide('reject', onReject, 'Reject');
    this.#candidates.set(id, card);
    this.#element('candidates').append(card);
  }

  /** The keyboard goes on to the next card, or to the call. */
  #retire(card) {
    for (const button of card.querySelectorAll('button')) button.disabled = true;
    const next = this.#element('candidates').querySelector('button:enabled');
    (next ?? this.#element('main')).focus();
  }

  removeCandidate(id) {
    this.#candidates.get(id)?.remove();
    this.#candidates.delete(id);
  }

  #showScreen(name) {
    this.#show('lobby', name === 'lobby');
    this.#show('call', name === 'call');
    this.#show('place', name === 'call');
    if (name === 'lobby') {
      this.#element('devices-dialog').close();
      this.#page.title = 'Heliograph demo';
    }
  }

  #setText(id, text) {
    this.#element(id).textContent = text ?? '';
    this.#show(id, Boolean(text));
  }

  #show(id, shown) {
    this.#element(id).hidden = !shown;
  }

  #element(id) {
    return this.#page.getElementById(id);
  }
}
