const gap = 8;
const widest = 16 / 9;
const narrowest = 4 / 3;

/** The largest tiles of a pleasant shape that fit a box, all at once if they can. */
export function fitTiles(count, width, height) {
  let best = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    const tile = {
      width: Math.min(cellWidth, cellHeight * widest),
      height: Math.min(cellHeight, cellWidth / narrowest),
    };
    if (tile.width * tile.height > best.width * best.height) best = tile;
  }
  return best;
}

/** A tile without a video shows an initial instead. */
function showVideo(tile, shown) {
  tile.classList.toggle('without-video', !shown);
}

function setBadge(tile, testId, shown, text) {
  const badge = tile.querySelector(`[data-testid=${testId}]`);
  badge.hidden = !shown;
  if (text !== undefined) badge.textContent = text;
}

const connectionTexts = {
  new: 'connecting…',
  connecting: 'connecting…',
  disconnected: 'connection weak…',
  failed: 'reconnecting…',
};

/** The people in the room, a tile each. */
export class Tiles {
  #stage;
  #template;
  #tiles = new Map();
  #owner = null;

  constructor(stage, template) {
    this.#stage = stage;
    this.#template = template;
    new ResizeObserver(() => this.#arrange()).observe(stage);
  }

  addSelf(name, media) {
    const tile = this.#add('self', `${name} (you)`, media.stream);
    tile.classList.add('self');
    tile.querySelector('video').muted = true;
    const refresh = () => {
      const { camera, microphone } = media.state;
      showVideo(tile, camera);
      setBadge(tile, 'tile-muted', !microphone);
    };
    media.addEventListener('change', refresh, { signal: this.#tiles.get('self').shown.signal });
    refresh();
  }

  addPeer(id, name, peer) {
    const tile = this.#add(id, name, peer.stream);
    const refresh = () => {
      const sendsVideo = peer.stream.getVideoTracks().some((track) => !track.muted);
      const state = peer.remoteState ?? { camera: sendsVideo, microphone: true };
      const text = connectionTexts[peer.connectionState];
      showVideo(tile, state.camera && sendsVideo);
      setBadge(tile, 'tile-muted', !state.microphone);
      setBadge(tile, 'tile-state', text !== undefined, text);
      tile.dataset.connection = peer.connectionState;
    };
    peer.addEventListener('change', refresh);
    refresh();
  }

  remove(id) {
    if (!this.#tiles.has(id)) return;
    const { tile, shown } = this.#tiles.get(id);
    shown.abort();
    tile.querySelector('video').srcObject = null;
    tile.remove();
    this.#tiles.delete(id);
    this.#arrange();
  }

  /** Marks the owner's tile; `id` is "self" for one's own. */
  setOwner(id) {
    this.#owner = id;
    for (const [each, { tile }] of this.#tiles) setBadge(tile, 'tile-owner', each === id);
  }

  clear() {
    this.#owner = null;
    for (const id of [...this.#tiles.keys()]) this.remove(id);
  }

  #add(id, name, stream) {
    const tile = this.#template.content.firstElementChild.cloneNode(true);
    tile.dataset.peerId = id;
    tile.querySelector('.name').textContent = name;
    tile.querySelector('.initial').textContent = [...name][0].toUpperCase();
    const video = tile.querySelector('video');
    video.srcObject = stream;
    video.setAttribute('aria-label', `Video of ${name}`);
    this.#tiles.set(id, { tile, shown: new AbortController() });
    this.#stage.append(tile);
    setBadge(tile, 'tile-owner', id === this.#owner);
    this.#arrange();
    return tile;
  }

  #arrange() {
    const { width, height } = this.#stage.getBoundingClientRect();
    const tile = fitTiles(this.#tiles.size, Math.floor(width), Math.floor(height));
    this.#stage.style.setProperty('--tile-width', `${Math.floor(tile.width)}px`);
    this.#stage.style.setProperty('--tile-height', `${Math.floor(tile.height)}px`);
  }
}
