// docs/cluster.md, "What happens when": the demo when a node dies.
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../browser/browser.mjs';
import { Person } from '../browser/person.mjs';
import { clusterFor, shortLease } from './nodes.mjs';

describe('the demo over three nodes', () => {
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const arrive = (node, name) => Person.arrive(browser, node, name);

  test('a call goes on for those whose node lives when another is killed', async (t) => {
    const cluster = await clusterFor(t, { dev: true, size: 3, lease: shortLease });
    const [first, second, third] = cluster.nodes;
    const [ada, ben, cleo] = await Promise.all([
      arrive(first, 'Ada'),
      arrive(second, 'Ben'),
      arrive(third, 'Cleo'),
    ]);
    const room = await ada.open();
    for (const person of [ben, cleo]) await person.joinAtDoorOf(ada, room);
    for (const person of [ben, cleo]) await person.seesMoving(ada);
    await cluster.kill(first);
    await ben.seesExactly(cleo);
    await cleo.seesExactly(ben);
    await ben.seesMoving(cleo);
    await cleo.seesMoving(ben);
    await cleo.seesOwner(ben);
    await ada.depart({ expectErrors: true });
    for (const person of [ben, cleo]) await person.depart();
  });
});
