import type { CollectionDefinition } from '../../shared/collections/define.ts';

/** Whether a record has lost its content for good; `CollectionDefinition.emptied`. */
export function isEmptied(
  { emptied }: Pick<CollectionDefinition, 'emptied'>,
  record: Readonly<Record<string, unknown>>,
): boolean {
  return emptied !== undefined && record[emptied.field] === emptied.value;
}
