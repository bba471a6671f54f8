import { closed, SignalError } from './error.js';
import type { Framed } from './framed.js';
import { kAnnouncedWithin, kChunk, kHighWater, kLowWater } from './limits.js';

/** What goes out over one data channel: in order, and no faster than it gets away. */
export interface Outbox {
  /** Resolves when all of it is handed to the channel: true, or false if that is shut. */
  send_: (message: Framed) => Promise<boolean>;
  /** Goes on with what waits, if it can. */
  pump_: () => void;
  /** What waits is not sent any more. */
  close_: () => void;
}

/** How large a message may be. */
export interface MessageLimits {
  readonly own_: number;
  /** The other side's; undefined until it has said that it takes chunks. */
  theirs_: number | undefined;
  /** Of a message in one piece. */
  whole_: () => number;
}

interface Outgoing {
  readonly message_: Framed;
  /** How much of it is sent. */
  at_: number;
  resolve_: (isSent: boolean) => void;
  reject_: (error: unknown) => void;
}

const refusal = ({ size_ }: Framed): SignalError =>
  new SignalError('message-too-large', `A message of ${size_} bytes is too large for this channel`);

// Long because its variables are the state (docs/decisions/client-size.md).
export function createOutbox(
  channel: RTCDataChannel,
  limits: MessageLimits,
  isReliable: boolean,
): Outbox {
  const queue: Outgoing[] = [];
  let queued = 0;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let isPatient = isReliable;

  /** The other side may be about to say that it takes chunks. */
  const wait = (): void => {
    patience ??= setTimeout(() => {
      isPatient = false;
      pump();
    }, kAnnouncedWithin);
  };

  const pump = (): void => {
    for (let next; (next = queue[0]) && !(channel.bufferedAmount > kHighWater);) {
      try {
        const theirs = isReliable ? limits.theirs_ : undefined;
        const isSent = sendPiece(channel, next, limits.whole_(), theirs, isPatient);
        if (isSent === undefined) return wait();
        if (!isSent) continue;
        next.resolve_(true);
      } catch (error) {
        next.reject_(channel.readyState === 'open' ? error : closed());
        if (next.at_) channel.close(); // The other side would wait for the rest.
      }
      queue.shift();
    }
  };

  channel.bufferedAmountLowThreshold = kLowWater;
  channel.onbufferedamountlow = pump;
  return {
    pump_: pump,
    send_: async (message) => {
      const { size_: size } = message;
      if (channel.readyState !== 'open') return false;
      if (size > limits.own_) throw refusal(message);
      // On such a channel, a message that had to wait would be out of date when it goes.
      const isFull = isReliable
        ? queued + size > 2 * limits.own_ + kHighWater
        : channel.bufferedAmount > kHighWater;
      if (isFull) throw new SignalError('queue-full', 'Too much waits for this channel');
      queued += size;
      return new Promise<boolean>((resolve_, reject_) => {
        queue.push({ message_: message, at_: 0, resolve_, reject_ });
        pump();
      }).finally(() => (queued -= size));
    },
    close_: () => {
      clearTimeout(patience);
      for (const { reject_ } of queue.splice(0)) reject_(closed());
    },
  };
}

/**
 * Sends the next piece of it: whether that was the last one, or undefined if it has to wait.
 * `whole` is the largest message in one piece; `theirs` the largest in chunks, if they are taken.
 */
function sendPiece(
  channel: RTCDataChannel,
  next: Outgoing,
  whole: number,
  theirs: number | undefined,
  mayWait: boolean,
): boolean | undefined {
  const { message_: message, at_: at } = next;
  const { whole_, type_, bytes_, size_ } = message;
  const chunk = Math.min(kChunk, whole);
  if (!at && !(theirs !== undefined && bytes_ && size_ > chunk)) {
    if (size_ <= whole)
      channel.send(whole_ as string); // One of the types that it takes.
    else if (mayWait) return undefined;
    else throw refusal(message);
    return true;
  }
  if (!at && size_ > (theirs ?? 0)) throw refusal(message);
  if (!at) channel.send(JSON.stringify({ [type_]: size_ }));
  next.at_ += chunk;
  channel.send((bytes_ as Uint8Array<ArrayBuffer>).subarray(at, next.at_));
  return next.at_ >= size_;
}
