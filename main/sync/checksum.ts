import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/** SHA-256 over the canonical records, `_meta` included, in order of id, a newline after each. */
export interface Checksum {
  add(record: StoredRecord): void;
  hex(): string;
}

export function createChecksum(): Checksum {
  const hash = createHash('sha256');
  return {
    add: (record) => void hash.update(`${canonicalJson(record)}\n`),
    hex: () => hash.digest('hex'),
  };
}
