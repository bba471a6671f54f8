import type { TellOfPeer } from './call_types.js';
import { orIfFails } from './error.js';
import type { Framed } from './framed.js';
import { createInbox } from './inbox.js';
import type { Frame } from './inbox.js';
import { createOutbox } from './outbox.js';
import type { MessageLimits, Outbox } from './outbox.js';

/** The options of the channels, and the functions to call at their events. */
export interface ChannelsHost {
  readonly channels_: Readonly<Record<string, RTCDataChannelInit>>;
  readonly maxMessageBytes_: number;
  tell_: TellOfPeer;
  onFrame_: (frame: Frame, channel: string) => void;
  /** Channel "main" is open. */
  onOpen_: () => void;
  onClose_: () => void;
}

/** Data channel "main" and those of the option `channels`: the same on both sides. */
export interface Channels {
  /** Sends over the channel of that name: false if it is closed. Rejects as `Peer.send` does. */
  send_: (message: Framed, label?: string) => Promise<boolean>;
  /** Sends a message of this package over "main", before all that wait; false if it is closed. */
  say_: (frame: Frame) => boolean;
  close_: () => void;
}

/** Only on these channels every chunk arrives, and in order. */
const isReliable = ({ ordered, maxRetransmits, maxPacketLifeTime }: RTCDataChannelInit): boolean =>
  ordered !== false && maxRetransmits === undefined && maxPacketLifeTime === undefined;

/** A channel, with the messages that wait to be sent over it. */
interface Channel {
  readonly label_: string;
  readonly channel_: RTCDataChannel;
  readonly outbox_: Outbox;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function openChannels(connection: RTCPeerConnection, host: ChannelsHost): Channels {
  const limits: MessageLimits = {
    own_: host.maxMessageBytes_,
    theirs_: undefined,
    whole_: () => connection.sctp?.maxMessageSize || Infinity,
  };

  const onFrame = (frame: Frame, label: string): void => {
    if (label === 'main' && typeof frame.maxMessageBytes === 'number') {
      limits.theirs_ = frame.maxMessageBytes;
      channels.forEach(({ outbox_ }) => outbox_.pump_());
    }
    host.onFrame_(frame, label);
  };

  const channels = Object.entries(host.channels_).map(([label, init], id) => {
    const channel = connection.createDataChannel(label, { ...init, negotiated: true, id });
    return open(channel, createOutbox(channel, limits, isReliable(init)), {
      ...host,
      onFrame_: onFrame,
    });
  });
  const find = (label: string) => channels.find(({ label_ }) => label_ === label);
  const main = (find('main') as Channel).channel_;

  const say = (frame: Frame): boolean => {
    if (main.readyState !== 'open') return false;
    const text = JSON.stringify(frame);
    // A peer may say that it takes no message of that size: then the browser throws.
    return orIfFails(() => (main.send(text), true)) ?? false;
  };
  main.onopen = () => {
    say({ maxMessageBytes: limits.own_ });
    host.onOpen_();
  };

  return {
    say_: say,
    send_: async (message, label = 'main') => find(label)?.outbox_.send_(message) ?? false,
    close_: () => channels.forEach(({ outbox_ }) => outbox_.close_()),
  };
}

function open(channel: RTCDataChannel, outbox: Outbox, host: ChannelsHost): Channel {
  const { label } = channel;
  const onError = (error: unknown): void => host.tell_('error', { error });
  const take = createInbox(host.maxMessageBytes_, (frame) => host.onFrame_(frame, label), onError);
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }) => take(data);
  channel.onclose = () => {
    outbox.close_();
    if (label === 'main') host.onClose_();
  };
  return { label_: label, channel_: channel, outbox_: outbox };
}
