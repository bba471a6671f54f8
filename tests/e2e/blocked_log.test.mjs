// docs/log.md: a log that cannot be written delays nobody; lines are dropped and counted.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { BlockedPipe } from '../support/blocked_pipe.mjs';
import { within } from '../support/patience.mjs';
import { freeTcpPort } from '../support/ports.mjs';
import { RawSocketIo } from '../support/socketio.mjs';
import { startServer } from '../support/server.mjs';

const startMute = async (stderr) =>
  startServer({ stderr, port: await freeTcpPort(), env: { LOG_LEVEL: 'debug' } });

const connect = async (server) =>
  RawSocketIo.connect(server.port, { auth: { token: await server.appToken() } });

/** Gives the server more to log than its queue holds: several kinds of lines, each to its limit. */
async function logALot(server) {
  for (const event of ['room-info-request', 'no-such-event']) {
    const client = await connect(server);
    for (let id = 1; id <= 120; id += 1) {
      client.send(`2${id}["${event}",{"room":"${'x'.repeat(64)}","auth":"none"}]`);
    }
    for (let answered = 0; answered < 120;) {
      if ((await client.next()).startsWith('3')) answered += 1;
    }
    client.destroy();
  }
  for (const last of ['2{}', '0']) {
    // either ends the session, for a reason of its own
    for (let i = 0; i < 120; i += 1) {
      const client = await connect(server);
      client.send(last);
      await client.end();
    }
  }
}

/** Reads the pipe until a line of this event; returns all lines. */
async function readTo(pipe, event) {
  const reading = async () => {
    for (;;) {
      const lines = pipe
        .read()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
      if (lines.some((line) => line.event === event)) return lines;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return within(reading(), `log line "${event}"`);
}

describe('a log that cannot be written', () => {
  it('a pipe that nobody reads: the server serves, and tells later how many lines it dropped', async () => {
    const pipe = new BlockedPipe();
    const server = await startMute(pipe.writer);
    pipe.closeWriter();
    await logALot(server);
    const lines = await readTo(pipe, 'log lines dropped');
    assert.equal(lines[0].event, 'listening');
    assert.ok(lines.find((line) => line.event === 'log lines dropped').count > 0);
    await server.stop();
    pipe.destroy();
  });

  it('a pipe that nobody reads does not keep the server from ending', async () => {
    const pipe = new BlockedPipe();
    const server = await startMute(pipe.writer);
    pipe.closeWriter();
    const client = await connect(server);
    await server.stop();
    await client.end();
    pipe.destroy();
  });

  it('a full disk: the server serves, and ends in order', async () => {
    const full = openSync('/dev/full', 'w');
    const server = await startMute(full);
    closeSync(full);
    await logALot(server);
    await server.stop();
  });
});
