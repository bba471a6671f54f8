import { closed, SignalError } from './error.js';
import type { Framed } from './framed.js';
import { kAnnouncedWithin, kChunk, kHighWater, kLowWater } from './limits.js';

/** Sends messages over one data channel, in order, and no faster than the channel sends them. */
export interface Outbox {
  /** Resolves to true when the channel has all of it, or to false if the channel is closed. */
  send_: (message: Framed) => Promise<boolean>;
  /** Continues with the waiting messages, if possible. */
  pump_: () => void;
  /** Drops the waiting messages. */
  close_: () => void;
}

/** How large a message may be. */
export interface MessageLimits {
  readonly own_: number;
  /** The other side's limit; undefined until it announces that it takes chunks. */
  theirs_: number | undefined;
  /** The limit of a message in one piece. */
  whole_: () => number;
}

interface Outgoing {
  readonly message_: Framed;
  /** The bytes that were sent already. */
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

  /** The other side may still announce that it takes chunks. */
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
        if (next.at_) channel.close(); // Otherwise the other side would wait for the rest.
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
      // On such a channel, a message that had to wait would be out of date when it is sent.
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
 * Sends the next piece. Returns whether it was the last one, or undefined if it has to wait.
 * `whole` is the largest message in one piece, `theirs` the largest that the peer takes in chunks.
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
