// The demo between browsers whose pages are on different nodes.
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../browser/browser.mjs';
import { Person } from '../browser/person.mjs';
import { clusterFor } from './nodes.mjs';

describe('the demo over two nodes', () => {
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const arrive = (node, name) => Person.arrive(browser, node, name);

  test('two people on different nodes see each other, and an owner refuses a third', async (t) => {
    const cluster = await clusterFor(t, { dev: true });
    const [first, second] = cluster.nodes;
    const [ada, ben] = await Promise.all([arrive(first, 'Ada'), arrive(second, 'Ben')]);
    const room = await ada.open();
    await ben.joinAtDoorOf(ada, room);
    await ada.seesExactly(ben);
    await ben.seesExactly(ada);
    await ada.seesMoving(ben);
    await ben.seesMoving(ada);
    await ben.seesOwner(ada);

    const eve = await arrive(second, 'Eve');
    await eve.ask(room);
    await ada.reject(eve);
    await eve.read('message', 'did not let you in');
    await ada.seesExactly(ben);
    for (const person of [ada, ben, eve]) await person.depart();
  });
});
