import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `--[^|]*(?:\\\|[^|]*)*\| `(\w+)` \| (?:`([^`]*)`)? \|/gm)];
const defaults = new Map(rows.map(([, name, value]) => [name, value ?? '']));

/** Every setting of the server, by its variable. */
export const settingNames = [...defaults.keys()];

/** What it is unless somebody sets it. */
export function setting(name) {
  assert.ok(defaults.has(name), `${name} in docs/configuration.md`);
  return defaults.get(name);
}
