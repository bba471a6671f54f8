import { isBinary } from './wire.js';

// Data channel "main" and those of the option `channels`: the same on both sides. What they carry:
// binary messages of the app as they are, and everything else as a JSON object with these fields.
export interface Frame {
  /** A message of the app. */
  message?: unknown;
  /** What the sender has set by `setStatus`. */
  status?: unknown;
  /** The server does not know the sender by its old id any more: this is the new one. */
  id?: string;
}

/** What channels there are, and what becomes of them. */
export interface ChannelsHost {
  readonly channels_: Readonly<Record<string, RTCDataChannelInit>>;
  onFrame_(frame: Frame, channel: string): void;
  /** Of channel "main". */
  onOpen_(): void;
  onClose_(): void;
}

/** Sends by the channel of that name; false where it is shut. */
export type SendData = (data: string | ArrayBuffer, label?: string) => boolean;

/** The app's message as it goes over a channel. */
export const framed = (message: unknown): string | ArrayBuffer =>
  isBinary(message) ? (message as ArrayBuffer) : JSON.stringify({ message });

export function openChannels(connection: RTCPeerConnection, host: ChannelsHost): SendData {
  const channels = Object.entries(host.channels_).map(([label, init], id) => {
    const channel = connection.createDataChannel(label, { ...init, negotiated: true, id });
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }) => host.onFrame_(readFrame(data), label);
    if (label === 'main') {
      channel.onopen = host.onOpen_;
      channel.onclose = host.onClose_;
    }
    return channel;
  });
  return (data, label = 'main') => {
    const channel = channels.find((each) => each.label === label);
    if (channel?.readyState !== 'open') return false;
    channel.send(data as string); // One of the types that it takes.
    return true;
  };
}

/** Empty where the other side did not keep to this. */
function readFrame(data: unknown): Frame {
  if (typeof data !== 'string') return { message: data };
  try {
    return Object(JSON.parse(data)) as Frame;
  } catch {
    return {};
  }
}
