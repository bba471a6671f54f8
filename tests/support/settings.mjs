import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `--[^|]*(?:\\\|[^|]*)*\| `(\w+)` \| (?:`([^`]*)`)? \|/gm)];
const defaults = new Map(rows.map(([, name, value]) => [name, value ?? '']));

/** Settings that take the limits off what a client may send. */
export const unlimited = {
  EVENTS_PER_SECOND: 0,
  TOTAL_EVENTS_PER_SECOND: 0,
  TOTAL_BYTES_PER_SECOND: 0,
  RELAY_BYTES_PER_SECOND: 0,
  ROOM_BYTES_PER_SECOND: 0,
};

/** Every setting of the server, by its variable. */
export const settingNames = [...defaults.keys()];

/** The default of a setting. */
export function setting(name) {
  assert.ok(defaults.has(name), `${name} in docs/configuration.md`);
  return defaults.get(name);
}
