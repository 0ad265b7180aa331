import { registry } from '../../shared/collections/registry.ts';
import { cleanRecord } from '../records/json-guard.ts';

/**
 * Throws BAD_RECORD for a record that the vault would refuse: one such record would end the whole import at its commit,
 * while here only its conversation fails.
 */
export function checkRecord(
  collection: 'conversations' | 'messages' | 'memories',
  record: Readonly<Record<string, unknown>>,
): void {
  registry[collection].schema.parse(cleanRecord(record));
}
