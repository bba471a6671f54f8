import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { useServer } from '../support/server.mjs';
import { launchBrowser } from './browser.mjs';
import { rememberConnections } from './hooks.mjs';
import { Person } from './person.mjs';

/** Runs in the page: two peers of peer.js in it, and what each has sent and is not delivered. */
async function setUpTwoPeers() {
  const { Peer } = await import('/scripts/peer.js');
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const media = {
    stream,
    state: { camera: true, microphone: true },
    track: (kind) => stream.getTracks().find((track) => track.kind === kind),
  };
  const make = (polite) => {
    const sent = [];
    const relay = {
      description: (description) => sent.push({ description }),
      candidate: (candidate) => sent.push({ candidate }),
    };
    const peer = new Peer({ iceServers: [], polite, media, relay });
    return { peer, sent, connection: window.connections.at(-1) };
  };
  window.ada = make(true);
  window.ben = make(false);
  window.deliver = (messages, { peer }) => {
    for (const { description, candidate } of messages) {
      if (description) peer.receiveDescription(description);
      else peer.receiveCandidate(candidate);
    }
  };
  window.areConnected = () =>
    [window.ada, window.ben].every(({ peer }) => peer.connectionState === 'connected');
}

/** Runs in the page: delivers all of one side's candidates, and only then its description. */
function deliverCandidatesFirst([from, to]) {
  const { sent, connection } = window[from];
  if (connection.iceGatheringState !== 'complete') return false;
  const candidates = sent.filter(({ candidate }) => candidate);
  const descriptions = sent.filter(({ description }) => description);
  window.deliver([...candidates, ...descriptions], window[to]);
  sent.length = 0;
  return candidates.length > 0 && descriptions.length === 1;
}

/** Runs in the page: delivers what there is, and whether that has connected the two. */
function deliverAll() {
  window.deliver(window.ada.sent.splice(0), window.ben);
  window.deliver(window.ben.sent.splice(0), window.ada);
  return window.areConnected();
}

/** Runs in the page: delivers what there is; true once the description `used` is replaced. */
function deliverUntilRestarted(used) {
  window.deliver(window.ada.sent.splice(0), window.ben);
  window.deliver(window.ben.sent.splice(0), window.ada);
  const { remoteDescription, signalingState } = window.ada.connection;
  return signalingState === 'stable' && remoteDescription.sdp !== used;
}

const kindsReceived = () =>
  [window.ada, window.ben].map(({ peer }) =>
    peer.stream
      .getTracks()
      .map(({ kind }) => kind)
      .sort(),
  );

describe('the peer connection of the demo', () => {
  const server = useServer({ dev: true });
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  async function withTwoPeers(run) {
    const person = await Person.arrive(browser, server, 'Ada', { scripts: [rememberConnections] });
    await person.page.evaluate(setUpTwoPeers);
    await run(person);
    const both = ['audio', 'video'];
    assert.deepEqual(await person.page.evaluate(kindsReceived), [both, both]);
    await person.depart();
  }

  test('keeps candidates that overtake their description, and applies them after it', () =>
    withTwoPeers(async ({ page, until }) => {
      await page.evaluate(() => window.ada.peer.start());
      await until(deliverCandidatesFirst, ['ada', 'ben']);
      await until(deliverCandidatesFirst, ['ben', 'ada']);
      await until(() => window.areConnected());
    }));

  test('connects when both sides offer at once', () =>
    withTwoPeers(async ({ page, until }) => {
      await page.evaluate(() => {
        window.ada.peer.start();
        window.ben.peer.start();
      });
      await until(() =>
        [window.ada, window.ben].every(({ sent }) => sent.some(({ description }) => description)),
      );
      await until(deliverAll);
    }));

  test('finds a new way when both sides restart a connection at once', () =>
    withTwoPeers(async ({ page, until }) => {
      await page.evaluate(() => window.ada.peer.start());
      await until(deliverAll);
      const used = await page.evaluate(() => {
        for (const { connection } of [window.ada, window.ben]) connection.restartIce();
        return window.ada.connection.remoteDescription.sdp;
      });
      await until(deliverUntilRestarted, used);
      await until(() => window.areConnected());
    }));
});
