import type { CollectionDefinition } from '../../../shared/collections/define.ts';
import { AppError } from '../../../shared/errors.ts';
import { checkId, stampInsert } from '../../records/stamp.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { LocalRefusal } from '../../sync/ports.ts';
import { mayLeave } from './leaving.ts';

export type Refusal = Pick<LocalRefusal, 'kind' | 'reason'>;

/** Why this version cannot become the vault's; undefined where it can. It is kept as it is: nothing is filled in. */
export function refusalOf(definition: CollectionDefinition, id: string, version: StoredRecord): Refusal | undefined {
  if (version.id !== id) return invalid('its id is another one');
  if (!isMeta(version._meta)) return invalid('its _meta is not that of a version');
  try {
    if (version._meta.del) checkTombstone(definition, version);
    else stampInsert(definition, version, { id: () => '', now: '' });
  } catch (error) {
    if (error instanceof AppError) return invalid(error.message);
    throw error;
  }
  if (mayLeave(definition, version)) return undefined;
  return invalid('it says that it may not leave the machine it was made on');
}

export function invalid(reason: string): Refusal {
  return { kind: 'invalid', reason };
}

function isMeta(meta: Partial<StoredRecord['_meta']> | undefined): boolean {
  return (
    typeof meta?.rev === 'string' &&
    meta.rev.length > 0 &&
    Number.isSafeInteger(meta.gen) &&
    typeof meta.hlc === 'string' &&
    Array.isArray(meta.anc) &&
    meta.anc.every((rev) => typeof rev === 'string')
  );
}

/** It has no fields of its own, so the schema cannot judge it. */
function checkTombstone(definition: CollectionDefinition, version: StoredRecord): void {
  checkId(version.id);
  const stream = definition.streamField;
  const isPlaced = stream === undefined || typeof version[stream] === 'string';
  if (isPlaced && isTime(version.created_at) && typeof version.updated_at === 'string') return;
  throw new AppError('BAD_RECORD', 'The deletion does not say which record of which day is deleted.', {
    remedy: 'Correct it in the team’s database, or delete the record again.',
  });
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}
