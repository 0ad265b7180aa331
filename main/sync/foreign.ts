import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { Meta } from '../../shared/store/store.ts';
import { createStamper } from '../records/meta.ts';
import type { RecordBody, StoredRecord } from '../records/stored-record.ts';

/** The replica that versions by other programs are signed with. */
export const OTHER_PROGRAM = 'other';

/**
 * The version that a document by another program is: the same on every replica, because nothing but the content and the
 * `_meta` that still stands beside it goes in. Its stamp is the time it says it was changed, never before `former`'s.
 */
export function foreignVersion(definition: CollectionDefinition, body: RecordBody, former: Meta | null): StoredRecord {
  const own = stampOf(body.updated_at);
  const hlc = former !== null && former.hlc > own ? former.hlc : own;
  const clock = { next: () => hlc, observe: () => undefined, resume: () => undefined };
  return createStamper(clock, OTHER_PROGRAM).stamp(definition, body, former ?? undefined, { external: true });
}

/** Whether nothing tells what a version by another program was built on: it had replaced the whole document. */
export function isRootless({ by, anc }: Meta): boolean {
  return by.replica === OTHER_PROGRAM && anc.length === 0;
}

function stampOf(time: unknown): string {
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  const valid = Number.isFinite(ms) && ms > 0 ? Math.floor(ms) : 0;
  return `${valid.toString(16).padStart(12, '0')}-0000-${OTHER_PROGRAM}`;
}
