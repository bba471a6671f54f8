import type { Picture } from './media.js';
import type { Visit } from './visit.js';

/** The picture for so many others: in a full mesh it is encoded for each of them. */
const kSteps: readonly { others: number; picture: Picture }[] = [
  { others: 6, picture: { width: 320, height: 180, frameRate: 15 } },
  { others: 4, picture: { width: 480, height: 270, frameRate: 15 } },
];

function pictureFor(others: number): Picture | null {
  return kSteps.find((step) => others >= step.others)?.picture ?? null;
}

/** Makes one's own picture smaller while many are in the call, so that slow machines keep up. */
export function beThrifty({ call, media, over }: Visit): void {
  const adapt = (): void => media.limit(pictureFor(call.peers.size));
  call.on('peer-joined', adapt);
  call.on('peer-left', adapt);
  over.addEventListener('abort', () => media.limit(null));
}
