import { texts } from './texts/index.js';

const kLights = [
  'amber',
  'bright',
  'clear',
  'copper',
  'dawn',
  'early',
  'ember',
  'golden',
  'hazel',
  'ivory',
  'lucid',
  'morning',
  'opal',
  'quartz',
  'rosy',
  'saffron',
  'silver',
  'sunlit',
  'velvet',
  'warm',
];
const kPlaces = [
  'bay',
  'bluff',
  'canyon',
  'cliff',
  'cove',
  'crest',
  'dune',
  'field',
  'fjord',
  'glade',
  'harbour',
  'hill',
  'island',
  'lagoon',
  'meadow',
  'mesa',
  'peak',
  'ridge',
  'summit',
  'valley',
];

/** A name for a new room that can be said on the phone: two words and a number. */
export function suggestRoomName(): string {
  const [light = 0, place = 0, number = 0] = crypto.getRandomValues(new Uint16Array(3));
  const words = [kLights[light % kLights.length], kPlaces[place % kPlaces.length]];
  return `${words.join('-')}-${100 + (number % 900)}`;
}

/** The name to show for a peer; what it says of itself comes from strangers and may be anything. */
export function nameOf(info: unknown): string {
  const { name } = (info ?? {}) as { name?: unknown };
  const text = typeof name === 'string' ? name.trim() : '';
  return Array.from(text).slice(0, 40).join('') || texts.guest;
}
