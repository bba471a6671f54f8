import type { Peer } from '@heliograph/client';
import type { PeerStats } from '@heliograph/client/stats';
import { LevelMeter, levelOf } from './level.js';
import { askToMute } from './mute_requests.js';
import { nameOf } from './names.js';
import { Stage } from './stage.js';
import { statusOf } from './status.js';
import { Tile } from './tile.js';
import { followMedia, type Visit } from './visit.js';

/** The level of speech, and how long after a loud moment somebody still counts as speaking. */
const kSpeech = 0.35;
const kHold = 700;
const kInterval = 150;

/** Everybody's picture, one's own first, and the shared screens. */
export class Tiles {
  readonly #visit: Visit;
  readonly #stage: Stage;
  readonly #people = new Map<Peer, Tile>();
  readonly #screens = new Map<Peer, Tile>();
  readonly #lastHeard = new Map<Tile, number>();
  readonly #self: Tile;

  constructor(visit: Visit) {
    this.#visit = visit;
    this.#stage = new Stage(visit.over);
    this.#self = this.#addSelf();
    this.#followPeers();
    this.#followStreams();
    this.#followVoices();
  }

  /** One's own screen beside the others'. */
  showOwnScreen(stream: MediaStream): Tile {
    const tile = new Tile(this.#visit.name, { isScreen: true, isSelf: true });
    tile.setStream(stream);
    this.#stage.addSpotlight(tile);
    return tile;
  }

  /** One's own. */
  get self(): Tile {
    return this.#self;
  }

  of(peer: Peer): Tile | undefined {
    return this.#people.get(peer);
  }

  remove(tile: Tile): void {
    this.#stage.remove(tile);
  }

  showQuality(peer: Peer, stats: PeerStats): void {
    this.#people.get(peer)?.showQuality(stats);
  }

  #addSelf(): Tile {
    const { media, name } = this.#visit;
    const tile = new Tile(name, { isSelf: true });
    tile.element.dataset['peerId'] = 'self';
    this.#stage.add(tile);
    followMedia(this.#visit, () => {
      tile.setStream(media.stream);
      tile.showVideo(media.isOn('video'));
      tile.showMuted(!media.isOn('audio'));
    });
    this.#visit.status.on('change', ({ hand }) => tile.showHand(hand));
    return tile;
  }

  #followPeers(): void {
    const { call } = this.#visit;
    call.on('peer-joined', ({ peer }) => this.#addPeer(peer));
    call.on('peer-left', ({ peer }) => this.#removePeer(peer));
    call.on('peer-renamed', ({ peer }) => this.#refresh(peer));
    call.on('connection-state', ({ peer }) => this.#refresh(peer));
    call.on('status', ({ peer }) => this.#refresh(peer));
    call.on('owner-changed', ({ isOwner }) => {
      this.#self.showOwner(isOwner);
      for (const peer of this.#people.keys()) this.#refresh(peer);
    });
  }

  #followStreams(): void {
    const { call } = this.#visit;
    call.on('stream', ({ peer, stream, kind }) => {
      if (kind === 'screen') return this.#showScreen(peer, stream);
      const refresh = (): void => this.#refresh(peer);
      for (const event of ['addtrack', 'removetrack']) stream.addEventListener(event, refresh);
      for (const track of stream.getTracks()) track.addEventListener('unmute', refresh);
      refresh();
    });
    call.on('stream-removed', ({ peer, kind }) => {
      if (kind === 'screen') this.#removeScreen(peer);
      else this.#refresh(peer);
    });
  }

  #addPeer(peer: Peer): void {
    if (this.#people.has(peer)) return;
    const name = nameOf(peer.info);
    const tile = new Tile(name);
    tile.playOn(this.#visit.speakers);
    tile.onAskToMute(name, () => void askToMute(this.#visit, peer));
    this.#people.set(peer, tile);
    this.#stage.add(tile);
    this.#refresh(peer);
  }

  #removePeer(peer: Peer): void {
    this.#removeScreen(peer);
    const tile = this.#people.get(peer);
    if (!tile) return;
    this.#people.delete(peer);
    this.#lastHeard.delete(tile);
    this.#stage.remove(tile);
  }

  #showScreen(peer: Peer, stream: MediaStream): void {
    this.#removeScreen(peer);
    const tile = new Tile(nameOf(peer.info), { isScreen: true });
    tile.playOn(this.#visit.speakers);
    tile.setStream(stream);
    this.#screens.set(peer, tile);
    this.#stage.addSpotlight(tile);
  }

  #removeScreen(peer: Peer): void {
    const tile = this.#screens.get(peer);
    if (!tile) return;
    this.#screens.delete(peer);
    this.#stage.remove(tile);
  }

  #refresh(peer: Peer): void {
    const tile = this.#people.get(peer);
    if (!tile) return;
    const stream = peer.streams.get('camera') ?? null;
    const hasVideo = stream?.getVideoTracks().some((track) => !track.muted) ?? false;
    const status = statusOf(peer) ?? { camera: hasVideo, microphone: true, hand: false };
    tile.element.dataset['peerId'] = peer.id;
    tile.setStream(stream);
    tile.showVideo(status.camera && hasVideo);
    tile.showMuted(!status.microphone);
    tile.showHand(status.hand);
    tile.showAskToMute(this.#visit.call.isOwner && status.microphone);
    tile.showOwner(this.#visit.call.owners.has(peer.id));
    tile.showConnection(peer.connectionState);
  }

  #followVoices(): void {
    const { media, over } = this.#visit;
    const meter = new LevelMeter((level) => this.#hear(this.#self, level));
    let heard: MediaStreamTrack | null = null;
    followMedia(this.#visit, () => {
      const track = media.track('audio');
      if (track !== heard) meter.listen(track);
      heard = track;
    });
    const timer = window.setInterval(() => {
      for (const [{ connection, streams }, tile] of this.#people) {
        const stream = streams.get('camera');
        this.#hear(tile, stream ? levelOf(connection, stream) : 0);
      }
    }, kInterval);
    over.addEventListener('abort', () => {
      window.clearInterval(timer);
      meter.stop();
    });
  }

  #hear(tile: Tile, level: number): void {
    const now = performance.now();
    if (level > kSpeech) this.#lastHeard.set(tile, now);
    tile.showSpeaking(now - (this.#lastHeard.get(tile) ?? -Infinity) < kHold);
  }
}
