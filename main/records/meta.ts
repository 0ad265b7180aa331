import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { Meta } from '../../shared/store/store.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { hash128 } from '../lib/hash.ts';
import type { HybridClock } from '../lib/hlc.ts';
import type { RecordBody, StoredRecord } from './stored-record.ts';

const MAX_ANCESTORS = 20;

export interface Stamper {
  /** The next version of a record; `before` is absent for a new one. */
  stamp(
    definition: CollectionDefinition,
    body: RecordBody,
    before?: Pick<Meta, 'rev' | 'gen' | 'anc'>,
    marks?: VersionMarks,
  ): StoredRecord;
}
export interface VersionMarks {
  readonly deleted?: true;
  readonly external?: true;
}

/** Gives records their `_meta`: a revision that names everything persisted, its history, and a checksum. */
export function createStamper(hlc: HybridClock, replica: string): Stamper {
  return {
    stamp(definition, body, before, marks = {}) {
      const meta = {
        gen: (before?.gen ?? 0) + 1,
        anc: before ? [before.rev, ...before.anc].slice(0, MAX_ANCESTORS) : [],
        hlc: hlc.next(),
        sv: definition.schemaVersion,
        ...(marks.deleted && { del: true as const }),
        by: { replica, ...(marks.external && { external: true as const }) },
      };
      const bodyText = canonicalJson(body);
      const rev = `${meta.gen}-${hash128(`${definition.name}\n${canonicalJson(meta)}\n${bodyText}`)}`;
      const { gen, anc, ...rest } = meta;
      return { ...body, _meta: { rev, gen, anc, ...rest, sum: checksum(bodyText, { rev, ...meta }) } };
    },
  };
}

/** Of the canonical record: its body's text, then its meta's without `sum`. */
function checksum(bodyText: string, metaWithoutSum: object): string {
  return hash128(`${bodyText}\n${canonicalJson(metaWithoutSum)}`);
}

/** Whether a record's checksum fits its content, so that it is as Almanac wrote it. */
export function isIntact(record: StoredRecord): boolean {
  const { _meta, ...body } = record;
  return fitsChecksum(_meta, canonicalJson(body));
}

/** As `isIntact`, for who has the canonical text of the record without `_meta` already. */
export function fitsChecksum({ sum, ...rest }: Meta, bodyText: string): boolean {
  return sum === checksum(bodyText, rest);
}
