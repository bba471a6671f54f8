// CONNECTs to namespaces that do not exist: each costs the server an answer.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { underAttack } from './attack.mjs';
import { textFrame } from './client.mjs';
import { Tally } from './tally.mjs';

const kMostAnswers = 10;
const kMostNameBytes = 255;
const answerBegins = Buffer.from('44/');

const names = ['x'.repeat(8_000), '€'.repeat(2_000)];
const connects = names.map((name) => textFrame(`40/${name},`));

it('CONNECTs to unknown namespaces', (t) =>
  underAttack(t, {}, async (attack) => {
    const tally = new Tally();
    await attack.repeat(8, async () => {
      const client = await attack.stranger();
      const answers = [];
      client.onText = (payload) => answers.push(payload);
      client.socket.write(Buffer.concat(Array(50).fill(connects).flat()));
      await tally.end(client);
      attack.remove(client);
      assert.ok(answers.length <= kMostAnswers, `${answers.length} answers`);
      for (const answer of answers) {
        const name = answer.subarray(answerBegins.length - 1, answer.indexOf(','));
        assert.ok(name.length <= kMostNameBytes, `a name of ${name.length} bytes`);
        assert.ok(!name.toString().includes('\ufffd'), 'a name that is cut between two characters');
      }
    });
    tally.assertOnly('1008 too many CONNECTs');
  }));
