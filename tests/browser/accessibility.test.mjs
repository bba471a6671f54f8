// axe finds nothing in the demo, on any screen, even if text is twice as large.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { useDemo } from './meeting.mjs';
import { visitScreens } from './screens.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs in the page: what the rules of axe find, also those that it does not yet use by itself. */
async function findFaults() {
  const isMeant = ({ tags }) => !tags.some((tag) => /aaa$|deprecated|obsolete/.test(tag));
  const runOnly = window.axe
    .getRules()
    .filter(isMeant)
    .map(({ ruleId }) => ruleId);
  const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
  }));
}

const kWays = {
  'in light colours': { colorScheme: 'light' },
  'with text of twice the size': { textSize: 2 },
  'in dark colours, on a phone': {
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    colorScheme: 'dark',
  },
};

describe('axe', () => {
  const demo = useDemo();

  for (const [way, wishes] of Object.entries(kWays)) {
    test(`finds nothing on any screen ${way}`, async () => {
      await visitScreens(demo, wishes, async ({ page }, screen) => {
        await page.evaluate(axe);
        assert.deepEqual(await page.evaluate(findFaults), [], screen);
      });
    });
  }
});
