import { expect, test } from 'vitest';
import { ruleExtractor } from '../../../main/memory/extract/extract.ts';
import { type Extractor, type Proposal, runExtractor } from '../../../main/memory/extract/extractor.ts';
import { extractorContract, message } from '../../contracts/extractor-contract.ts';
import { memoryVault, there } from './memory-vault.ts';

/** As a model might answer: it finds the sentence anywhere, also where it does not belong to the person. */
const model: Extractor = {
  name: 'a model',
  propose: async (messages) =>
    messages
      .filter(({ text }) => text.includes('I live in Oslo.'))
      .map(({ id }) => proposal({ evidence: [{ message_id: id, quote: 'I live in Oslo.' }] })),
};

function proposal(fields: object = {}): Proposal {
  return {
    type: 'USER_FACT',
    text: 'Lives in Oslo',
    confidence: 0.85,
    evidence: [{ message_id: 'm', quote: 'I live in Oslo.' }],
    rule: 'model:tiny',
    ...fields,
  };
}

extractorContract('the rules', ruleExtractor);
extractorContract('one that asks a model', model);

const answering = (...answers: readonly unknown[]): Extractor => ({
  name: 'a model',
  propose: async () => answers as Proposal[],
});

test.each([
  ['without evidence', { evidence: [] }, 'without evidence'],
  [
    'with words that nobody said',
    { evidence: [{ message_id: 'm', quote: 'I live in Bergen.' }] },
    'not in the person’s words',
  ],
  ['with a part of a sentence', { evidence: [{ message_id: 'm', quote: 'I live' }] }, 'not in the person’s words'],
  [
    'of a message that it was not given',
    { evidence: [{ message_id: 'x', quote: 'I live in Oslo.' }] },
    'not in the person’s words',
  ],
  ['with a message alone', { evidence: [{ message_id: 'm' }] }, 'not in the person’s words'],
  [
    'with one good sentence and an invented one',
    {
      evidence: [
        { message_id: 'm', quote: 'I live in Oslo.' },
        { message_id: 'm', quote: 'Yes.' },
      ],
    },
    'not in the person’s words',
  ],
  [
    'at another place',
    { evidence: [{ message_id: 'm', quote: 'I live in Oslo.', range: [0, 15] }] },
    'not in the person’s words',
  ],
  ['of no type', { type: 'USER_GUESS' }, 'unreadable'],
  ['without a text', { text: '  ' }, 'unreadable'],
  ['less sure than its type asks', { confidence: 0.7 }, 'not sure enough'],
  ['with a confidence that is no number', { confidence: Number.NaN }, 'unreadable'],
])('a proposal %s is not taken, and counted', async (_title, change, reason) => {
  const messages = [message('m', 'Thanks. I live in Oslo.')];
  const outcome = await runExtractor(answering(proposal(change), proposal()), messages);
  expect(outcome).toMatchObject({ proposals: [{ text: 'Lives in Oslo' }], refused: { [reason]: 1 } });
});

test('one that never answers is left after its time, and told to stop', async () => {
  let told: AbortSignal | undefined;
  const silent: Extractor = {
    name: 'a model',
    propose: (_messages, signal) => {
      told = signal;
      return new Promise(() => undefined);
    },
  };
  await expect(runExtractor(silent, [], { timeoutMs: 5 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
  expect(told?.aborted).toBe(true);
});

test('one that fails is heard', async () => {
  const failing: Extractor = { name: 'a model', propose: () => Promise.reject(new Error('no model')) };
  await expect(runExtractor(failing, [])).rejects.toThrow('no model');
});

test('what a model proposes comes through the same door into the same inbox', async () => {
  const { memory } = await memoryVault();
  const { proposals } = await runExtractor(model, [message('m', 'I live in Oslo.')]);
  const first = await memory.propose(proposals, { who: 'MODEL:tiny' });
  expect(first.proposed).toMatchObject([{ state: 'proposed', text: 'Lives in Oslo', scope: 'private' }]);
  const byRules = await runExtractor(ruleExtractor, [message('m', 'I live in Oslo.')]);
  expect(await memory.propose(byRules.proposals, { who: 'RULES:extractor' })).toMatchObject({
    proposed: [],
    skipped: { known: 1 },
  });
  await memory.reject(there(first.proposed[0]).id, { who: 'USER:local' });
  expect((await memory.propose(proposals, { who: 'MODEL:tiny' })).skipped).toEqual({ forgotten: 1 });
});
