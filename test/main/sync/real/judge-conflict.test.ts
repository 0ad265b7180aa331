import { expect, test } from 'vitest';
import { Values } from '../sim-values.ts';
import { judgeConflict } from './judge-conflict.ts';

const noted = { collection: 'memories', record_id: 'd0', fields: ['text', 'tenant'] };

function written(): Values {
  const values = new Values();
  values.note('memories/d0', 'text', 'r0', 'v1.r0', null);
  values.note('memories/d0', 'text', 'r1', 'v2.r1', 'v1.r0');
  values.note('memories/d0', 'text', 'r0', 'v3.r0', 'v1.r0');
  values.note('memories/d0', 'text', 'r1', 'v4.r1', 'v2.r1');
  return values;
}

test('two who had not seen each other disagreed', () => {
  expect(judgeConflict({ ...noted, mine: { text: 'v4.r1' }, theirs: { text: 'v3.r0' } }, written())).toBeNull();
});

test('a conflict is one too many where one side had seen the other, at whatever remove, and whichever side it is', () => {
  const sides = [{ text: 'v4.r1 over v2.r1' }, { text: 'v1.r0' }] as const;
  const wrong = 'I7: a conflict about memories/d0 text: ';
  const [later, earlier] = sides;
  expect(judgeConflict({ ...noted, mine: later, theirs: earlier }, written())).toBe(`${wrong}v4.r1 and v1.r0`);
  expect(judgeConflict({ ...noted, mine: earlier, theirs: later }, written())).toBe(`${wrong}v1.r0 and v4.r1`);
});

test('one field about which nobody disagreed is enough, beside another about which somebody did', () => {
  const [mine, theirs] = [{ text: 'v4.r1', tenant: 'v2.r1' }, { text: 'v3.r0', tenant: 'v1.r0' }]; // prettier-ignore
  expect(judgeConflict({ ...noted, mine, theirs }, written())).toMatch(/^I7: .* tenant/);
});
