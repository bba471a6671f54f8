// Windows of the same browser that are at the same room know of each other. So the demo can tell a
// person who tries it alone, in two windows, to click in the other one.

const kChannel = 'heliograph';

/** The room that a window owns, or waits for. */
type News = { owns?: string; waitsFor?: string };

/** Answers those who wait for a room that this window owns, while the visit lasts. */
export function answerNeighbours(ownedRoom: () => string | null, over: AbortSignal): void {
  const channel = new BroadcastChannel(kChannel);
  channel.addEventListener('message', ({ data }: MessageEvent<News>) => {
    const room = ownedRoom();
    if (room !== null && data.waitsFor === room) channel.postMessage({ owns: room });
  });
  over.addEventListener('abort', () => channel.close());
}

/** Calls `onFound` if another window of this browser owns the room. */
export function askNeighbours(room: string, onFound: () => void, over: AbortSignal): void {
  const channel = new BroadcastChannel(kChannel);
  channel.addEventListener('message', ({ data }: MessageEvent<News>) => {
    if (data.owns === room) onFound();
  });
  channel.postMessage({ waitsFor: room });
  over.addEventListener('abort', () => channel.close());
}
