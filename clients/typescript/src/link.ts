import { openChannels } from './data_channels.js';
import type { Channels, ChannelsHost } from './data_channels.js';
import { closed } from './error.js';
import { createNegotiation } from './negotiation.js';
import type { LinkEnds, Negotiation, NegotiationHost } from './negotiation.js';

/** The values that a link needs, and the functions that it calls. */
export interface LinkHost extends NegotiationHost, ChannelsHost {
  readonly RTCPeerConnection_: typeof RTCPeerConnection;
}

/** One RTCPeerConnection to another peer. */
export interface Link extends LinkEnds {
  /** Whether a description has come from the other side. */
  hasSpoken_: boolean;
  connection_: RTCPeerConnection | null;
  /** Null until the connection has been made. */
  channels_: Channels | null;
  openChannel_: (label: string, init?: RTCDataChannelInit) => Promise<RTCDataChannel>;
  close_: () => void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
/** `starts`: makes the first offer; the other side waits for it. */
export function openLink(host: LinkHost, starts: boolean): Link {
  let isClosed = false;
  let steps: Negotiation | undefined;

  const attempt = async (step: () => unknown): Promise<void> => {
    try {
      await step();
    } catch (error) {
      if (!isClosed) host.tell_('error', { error });
    }
  };

  const open = async (): Promise<void> => {
    const connection = new host.RTCPeerConnection_(await host.configuration_());
    if (isClosed) {
      connection.close();
      return;
    }
    link.connection_ = connection;
    steps = createNegotiation(connection, host, link, starts);
    link.channels_ = openChannels(connection, {
      ...host,
      onClose_: () => {
        if (!isClosed) host.onClose_();
      },
    });
    await steps.sendPublished_();
  };

  const link: Link = {
    id_: Math.random().toString(36).slice(2),
    hasSpoken_: false,
    connection_: null,
    channels_: null,
    enqueue_: (step) => {
      queue = queue.then(() => attempt(() => !isClosed && steps && step(steps)));
    },
    openChannel_: async (label, init) => {
      await opened;
      if (!link.connection_) throw closed();
      return link.connection_.createDataChannel(label, init);
    },
    close_: () => {
      isClosed = true;
      link.channels_?.close_();
      link.connection_?.close();
    },
  };

  const opened = attempt(open);
  let queue = opened;
  return link;
}
