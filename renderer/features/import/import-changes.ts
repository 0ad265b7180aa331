import type { ImportPlan, Receipt } from '../../../shared/ipc/models.ts';

type Counted = Pick<ImportPlan | Receipt, 'created' | 'updated' | 'memories'>;

export interface ImportChanges {
  readonly conversations: number;
  readonly memories: number;
}

/** How many an import brings or changes. */
export function changesOf({ created, updated, memories }: Counted): ImportChanges {
  return { conversations: created + updated, memories: (memories?.created ?? 0) + (memories?.updated ?? 0) };
}

export function isNothing({ conversations, memories }: ImportChanges): boolean {
  return conversations + memories === 0;
}
