import { expect, test } from 'vitest';
import { withRateLimit } from '../../../main/ipc/rate-limit.ts';
import type { Dispatch } from '../../../main/ipc/router.ts';

const answer: Dispatch = async () => ({ ok: true, value: null });

async function accepted(dispatch: Dispatch, calls: number): Promise<number> {
  const replies = await Promise.all(Array.from({ length: calls }, () => dispatch('vault.status', {})));
  return replies.filter((reply) => reply.ok).length;
}

test('a burst passes, what exceeds it gets TOO_MANY_CALLS, and time brings calls back', async () => {
  const clock = { time: 0, now: () => clock.time };
  const dispatch = withRateLimit(answer, clock, { burst: 10, perSecond: 5 });
  expect(await accepted(dispatch, 12)).toBe(10);
  expect(await dispatch('vault.status', {})).toMatchObject({ ok: false, error: { code: 'TOO_MANY_CALLS' } });
  clock.time = 1000;
  expect(await accepted(dispatch, 12)).toBe(5);
  clock.time = 100_000;
  expect(await accepted(dispatch, 12)).toBe(10);
});

test('a clock that is set back takes nothing away', async () => {
  const clock = { time: 10_000, now: () => clock.time };
  const dispatch = withRateLimit(answer, clock, { burst: 10, perSecond: 5 });
  clock.time = 0;
  expect(await accepted(dispatch, 10)).toBe(10);
});

test('one client’s calls do not use up another’s', async () => {
  const clock = { now: () => 0 };
  const [first, second] = [withRateLimit(answer, clock), withRateLimit(answer, clock)];
  await accepted(first, 1000);
  expect(await accepted(second, 10)).toBe(10);
});
