import { after, afterEach, before } from 'node:test';
import { useServer } from '../support/server.mjs';
import { launchBrowser } from './browser.mjs';
import { Person } from './person.mjs';

/**
 * In a `describe`: a server, a browser, and people who come to its demo and go after each test.
 * Without `devices` they have no cameras and microphones, and their calls cost half as much.
 */
export function useDemo({ devices = true, ...options } = {}) {
  const server = useServer({ dev: true, ...options });
  const demo = { server, browser: null, arrive, meeting };
  let people = [];

  before(async () => {
    demo.browser = await launchBrowser({ devices });
  });
  afterEach(async () => {
    const present = people;
    people = [];
    for (const person of present) await person.depart();
  });
  after(() => demo.browser?.close());

  async function arrive(name, { browser = demo.browser, ...wishes } = {}) {
    const person = await Person.arrive(browser, server, name, wishes);
    people.push(person);
    return person;
  }

  /** People in one room, the first being its owner; all see each other. */
  async function meeting(...names) {
    const [owner, ...others] = await Promise.all(names.map((name) => arrive(name)));
    const room = await owner.open();
    for (const other of others) await other.joinAtDoorOf(owner, room);
    const everyone = [owner, ...others];
    for (const person of everyone) {
      await person.seesExactly(...everyone.filter((other) => other !== person));
    }
    return { room, everyone };
  }

  /** Closes somebody's window at once, as the person does. */
  demo.shut = async (person) => {
    people = people.filter((each) => each !== person);
    await person.depart();
  };
  return demo;
}
