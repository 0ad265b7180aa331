import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { runImportJob, type JobOutcome } from '../../../main/transfer/import-job.ts';
import { emptyLookup } from '../../../main/transfer/lookup.ts';
import { craftZip } from '../../fixtures/exports/craft-zip.ts';
import { plainConversation } from '../../fixtures/exports/chatgpt.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

interface Change {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const aChange = fc.record<Change>({
  at: fc.nat(1_000_000),
  remove: fc.integer({ min: 0, max: 12 }),
  insert: fc.oneof(
    fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', 'null', '\ud83d', '\0', '\ufeff', '"":1,'),
    fc.string({ maxLength: 8 }),
  ),
});

function mutated(bytes: Buffer, changes: readonly Change[]): Buffer {
  return changes.reduce<Buffer>((from, { at, remove, insert }) => {
    const place = at % from.length;
    return Buffer.concat([from.subarray(0, place), Buffer.from(insert), from.subarray(place + remove)]);
  }, bytes);
}

/** What became of it: the outcome, or the error that refused it. Anything else is thrown. */
async function outcomeOf(path: string): Promise<JobOutcome['plan'] | AppError> {
  const job = { archive: { path, name: 'export' }, importId: 'i', importedAt: '2026-11-20T12:00:00.000Z' };
  const silent = {
    onContents: async () => undefined,
    put: () => undefined,
    onRows: () => undefined,
    onProgress: () => undefined,
  };
  try {
    return (await runImportJob(job, { lookup: emptyLookup, ...silent })).plan;
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('ARCHIVE_')) return error;
    throw error;
  }
}

const conversations = ['c1', 'c2', 'c3', 'c4'].map((id) =>
  plainConversation(id, 'a "quoted" {question}, with \\ and 😀'),
);
const json = Buffer.from(JSON.stringify(conversations));

test('a damaged JSON file is refused as a whole, or every one of its elements is counted', async () => {
  const path = join(tempFolder(), 'export.json');
  await fc.assert(
    fc.asyncProperty(fc.array(aChange, { minLength: 1, maxLength: 3 }), async (changes) => {
      writeFileSync(path, mutated(json, changes));
      const outcome = await outcomeOf(path);
      if (outcome instanceof AppError) return;
      const { seen, created, updated, skipped, failed } = outcome;
      expect(seen).toBe(created + updated + skipped + failed.length);
      expect(created).toBeLessThanOrEqual(conversations.length);
    }),
    { numRuns: 400 },
  );
});

test('a damaged ZIP is refused, or its conversations are all there', async () => {
  const path = join(tempFolder(), 'export.zip');
  const zip = craftZip([
    { name: 'conversations.json', content: json, compress: true },
    { name: 'user.json', content: '{"id":"u"}' },
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(aChange, { minLength: 1, maxLength: 2 }), async (changes) => {
      writeFileSync(path, mutated(zip, changes));
      const outcome = await outcomeOf(path);
      if (!(outcome instanceof AppError)) expect(outcome).toMatchObject({ seen: 4, created: 4, failed: [] });
    }),
    { numRuns: 400 },
  );
});
