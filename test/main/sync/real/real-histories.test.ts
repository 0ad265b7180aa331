import { beforeEach, test } from 'vitest';
import { findMongod } from '../../../helpers/mongod-binary.ts';
import { type Plan, runReal } from './real-histories.ts';

const found = await findMongod();
if ('missing' in found) beforeEach((context) => context.skip(found.missing));

/** Slow machines and busy ones are waited for. */
const TIMEOUT_MS = 3_000_000;

const plans: readonly Plan[] = [
  {
    kind: 'replica-set',
    seed: 1,
    histories: 38,
    faults: ['backed up', 'stepped down', 'writes unsure', 'restored', 'disk full', 'history lost'],
  },
  {
    kind: 'standalone',
    seed: 101,
    histories: 12,
    faults: ['backed up', 'connections closed', 'restored', 'rights revoked'],
  },
];

// At once: each has servers and processes of its own, and waits for them most of the time.
for (const plan of plans) {
  const { kind, histories, faults } = plan;
  test.concurrent(
    `${histories} histories on a real ${kind}, of processes that are killed, with a server that is ${faults.join(', ')}, end equal with nothing lost`,
    { timeout: TIMEOUT_MS },
    async ({ expect }) => {
      const report = await runReal(plan);
      expect(report.histories).toBe(histories);
      expect(report.kills).toBeGreaterThan(0);
      expect(report.conflicts).toBeGreaterThan(0);
      if (kind === 'replica-set') expect(report.judged).toBeGreaterThan(0);
    },
  );
}
