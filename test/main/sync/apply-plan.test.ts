import { expect, test } from 'vitest';
import type { StoredRecord } from '../../../main/records/stored-record.ts';
import { type ApplyContext, emptyPlan, planRecord } from '../../../main/sync/apply-plan.ts';
import { baseOf } from '../../../main/sync/base.ts';
import { foreignVersion } from '../../../main/sync/foreign.ts';
import { newState } from '../../../main/sync/negotiate.ts';
import { createSent } from '../../../main/sync/sent.ts';
import { definitionOf, memory, T0, versionMaker } from './versions.ts';

const context: ApplyContext = {
  collection: 'memories',
  replica: 'here',
  nowMs: T0,
  sync: newState({ store_id: 's', epoch: 1, protocol: 1, collections: {} } as never),
  past: { isBegunAnew: false, isUnbroken: true, replica: 'here' },
  sent: createSent(),
  answer: 'ours',
};

/** What is done where the server has nothing of a record any more. */
function planOfMissing(local: StoredRecord) {
  const plan = emptyPlan();
  planRecord(plan, context, local.id, { local, base: baseOf(local), baseRecord: null }, undefined, undefined);
  return plan.steps;
}

const own = versionMaker('here').version('memories', 'm1', memory('mine'));

test('what the server lost is pushed again as it is', () => {
  expect(planOfMissing(own)).toEqual([{ collection: 'memories', id: 'm1', base: null }]);
});

test('another program’s version that the server lost is pushed again as one of ours, built on it', () => {
  const { _meta, ...body } = own;
  const theirs = foreignVersion(definitionOf('memories'), body, null);
  expect(planOfMissing(theirs)).toEqual([
    {
      collection: 'memories',
      id: 'm1',
      base: null,
      expected: theirs._meta.rev,
      local: { merged: body, parent: theirs._meta },
    },
  ]);
});
