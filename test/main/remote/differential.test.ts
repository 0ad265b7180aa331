import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMongoStore } from '../../../main/remote/mongo-store.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { SimDisk } from '../../helpers/sim-disk.ts';
import { openOnSimDisk } from '../../helpers/vault-on-sim-disk.ts';
import { type Operation, contentsOf, operations, outcomeOf } from './differential.ts';
import { preparedDatabase } from './open-test-store.ts';

/** How many sequences each server is asked; the soak asks more. */
const RUNS = Number(process.env['ALMANAC_DIFFERENTIAL_RUNS'] ?? 110);
const servers = { 'replica set': await sharedMongod('replica-set'), standalone: await sharedMongod('standalone') };

for (const [kind, url] of Object.entries(servers)) {
  test(
    `a vault and a team database on a ${kind} give the same answers, refusals and order to whatever is asked`,
    { timeout: 60_000 + RUNS * 5_000 },
    async () => {
      const connection = await preparedDatabase(url);
      const server = connection.db.collection('conversations');
      let nowMs = Date.parse('2026-03-01T10:00:00.000Z');
      const clock = { now: () => nowMs };
      const remote = createMongoStore(connection, { replica: 'remote', clock });

      async function compare(sequence: readonly Operation[]): Promise<void> {
        await server.deleteMany({});
        const vault = await openOnSimDisk(new SimDisk(), true, { clock, tuning: {} });
        try {
          const [local, team] = [vault.collection('conversations'), remote.collection('conversations')];
          for (const operation of sequence) {
            nowMs += 1_000;
            const expected = await outcomeOf(local, operation);
            expect({ operation, outcome: await outcomeOf(team, operation) }).toEqual({ operation, outcome: expected });
          }
          expect(await contentsOf(team)).toEqual(await contentsOf(local));
        } finally {
          await vault.close();
        }
      }

      await fc.assert(fc.asyncProperty(operations, compare), { numRuns: RUNS });
      await remote.close();
    },
  );
}
