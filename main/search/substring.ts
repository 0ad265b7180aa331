import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Candidate, EngineQuery, Pause } from './engine.ts';
import { readDataFileBriefly, recordsIn, type ReadRecord } from './record-reader.ts';
import { scoreOf } from './rank.ts';
import { searchableOf } from './searchable.ts';

export interface FileToScan {
  readonly path: string;
  readonly collection: CollectionName;
}

/** Of a file, what is alive: each record's last version, at its place. */
export function livingRecords(path: string, bytes: Buffer): ReadRecord[] {
  const records = new Map<string, ReadRecord>();
  for (const found of recordsIn(path, bytes, 0)) {
    records.delete(found.record.id);
    if (!found.isTombstone) records.set(found.record.id, found);
  }
  return [...records.values()];
}

/** Whether another program wrote characters as escapes that JSON does not ask for. */
function isEscapedFurther(bytes: Buffer): boolean {
  return bytes.includes('\\u') || bytes.includes('\\/');
}

/** The newest days first. */
export function newestFirst(files: readonly FileToScan[]): FileToScan[] {
  const dated = files.map((file) => ({ file, day: file.path.split('/').slice(-4, -1).join('/') }));
  return dated.sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0)).map(({ file }) => file);
}

/**
 * Finds text that has no words in it (`=>`, `??`, a line of dashes) by reading the files, newest days first, until
 * there are enough hits. Case and accents mean nothing here: there are no letters.
 */
export async function findSubstring(
  root: string,
  files: readonly FileToScan[],
  { query, limit, collections, nowMs }: EngineQuery,
  pause: Pause,
): Promise<Candidate[]> {
  if (query.kind !== 'substring') return [];
  const needle = query.text;
  // As JSON has it, so that most files are passed over without being parsed.
  const inJson = Buffer.from(JSON.stringify(needle).slice(1, -1));
  const hits: Candidate[] = [];
  for (const { path, collection } of newestFirst(files)) {
    if (hits.length >= limit) break;
    if (collections && !collections.has(collection)) continue;
    await pause();
    const bytes = readDataFileBriefly(root, path);
    if (!bytes || !(bytes.includes(inJson) || isEscapedFurther(bytes))) continue;
    for (const { record, start, length } of livingRecords(path, bytes)) {
      const text = searchableOf(collection, record);
      if (!text.title.includes(needle) && !text.body.includes(needle)) continue;
      const score = scoreOf(1, Date.parse(text.createdAt) || 0, text.demoted, nowMs);
      hits.push({ collection, id: record.id, path, start, length, score });
    }
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, limit);
}
