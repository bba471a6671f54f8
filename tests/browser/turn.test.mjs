// docs/turn.md: a call that cannot go any other way goes through coturn.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { useCoturn } from '../support/coturn.mjs';
import { patience, within } from '../support/patience.mjs';
import { Server } from '../support/server.mjs';
import { launchBrowser } from './browser.mjs';

const secret = 'a secret of coturn';

/** Runs in the page: signs in, and answers every offer of a connection. Only TURN is used. */
async function signIn(token) {
  const socket = window.io({ auth: { token } });
  const heard = (event) => new Promise((resolve) => socket.once(event, resolve));
  socket.emit('auth-request', { token });
  const { token: auth, ice_servers: iceServers } = await heard('auth-accept');
  const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  const send = (event, fields) => socket.emit(event, { auth, room: 'call', ...fields });
  /** Sends a description that holds all candidates. */
  const sendDescription = async (to, description) => {
    await connection.setLocalDescription(description);
    while (connection.iceGatheringState !== 'complete') {
      await new Promise((resolve) =>
        connection.addEventListener('icegatheringstatechange', resolve, { once: true }),
      );
    }
    send('relay-session-description', { to, session_description: connection.localDescription });
  };
  socket.on('session-description', async ({ peer_id: from, session_description: description }) => {
    await connection.setRemoteDescription(description);
    if (description.type === 'offer') await sendDescription(from);
  });
  connection.addEventListener('datachannel', ({ channel }) => {
    channel.addEventListener('message', ({ data }) => channel.send(`${data}, said Ben`));
  });
  window.call = { connection, heard, send, sendDescription };
}

/** Runs in the page of whom the room belongs to: opens it, lets in who asks, and offers. */
async function openRoom() {
  const { connection, heard, send, sendDescription } = window.call;
  send('room-create-request', {});
  await heard('room-create-accept');
  window.answer = (async () => {
    const { peer_id: peerId } = await heard('room-join-request');
    send('room-join-accept', { peer_id: peerId });
    await heard('room-user-join');
    const channel = connection.createDataChannel('words');
    const answer = new Promise((resolve) =>
      channel.addEventListener('message', ({ data }) => resolve(data)),
    );
    channel.addEventListener('open', () => channel.send('Hello'));
    await sendDescription(peerId, await connection.createOffer());
    return answer;
  })();
}

/** Runs in the page: the kinds of candidate at both ends of the way that is in use. */
async function wayInUse() {
  const report = await window.call.connection.getStats();
  const transport = [...report.values()].find(({ type }) => type === 'transport');
  const pair = report.get(transport.selectedCandidatePairId);
  return [pair.localCandidateId, pair.remoteCandidateId].map((id) => report.get(id).candidateType);
}

/** Runs in the page: what the attempt to gather candidates came to. */
async function gather() {
  const { connection } = window.call;
  const errors = [];
  connection.addEventListener('icecandidateerror', ({ errorCode }) => errors.push(errorCode));
  connection.createDataChannel('words');
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) =>
      connection.addEventListener('icegatheringstatechange', resolve, { once: true }),
    );
  }
  return { errors, hasCandidate: /^a=candidate/m.test(connection.localDescription.sdp) };
}

describe('a call through coturn', () => {
  const coturn = useCoturn({ secrets: [secret] });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-turn-'));
  let browser;
  before(async () => {
    writeFileSync(
      path.join(folder, 'demo.html'),
      '<script src="/socket.io/socket.io.js"></script>',
    );
    browser = await launchBrowser({ devices: false });
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function withServer(turnSecret, run) {
    const env = { TURN_URLS: coturn.url, TURN_SECRET: turnSecret, PUBLIC_DIR: folder };
    const server = await new Server({ env }).start();
    try {
      await run(async () => {
        const page = await browser.newPage({ baseURL: server.url });
        page.setDefaultTimeout(3 * patience);
        await page.goto('/demo');
        await page.evaluate(signIn, await server.appToken());
        return page;
      });
    } finally {
      await server.stop();
    }
  }

  test('connects two people who may use nothing else, and carries their messages', () =>
    withServer(secret, async (open) => {
      const [ada, ben] = [await open(), await open()];
      await ada.evaluate(openRoom);
      await ben.evaluate(() => window.call.send('room-join-request', {}));
      const answer = ada.evaluate(() => window.answer);
      assert.equal(await within(answer, 'Ben’s answer', 3 * patience), 'Hello, said Ben');
      for (const page of [ada, ben]) {
        assert.deepEqual(await page.evaluate(wayInUse), ['relay', 'relay']);
        await page.close();
      }
    }));

  test('fails if the server signs with another secret', () =>
    withServer('not the secret of coturn', async (open) => {
      const page = await open();
      const { errors, hasCandidate } = await within(
        page.evaluate(gather),
        'the end of gathering',
        3 * patience,
      );
      assert.ok(errors.includes(401), `${errors}`);
      assert.equal(hasCandidate, false);
      await page.close();
    }));
});
