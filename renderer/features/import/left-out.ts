import type { ImportPlan, Receipt } from '../../../shared/ipc/models.ts';

/** Files that are not taken over, as a list of failures shows them. */
export function leftOutOf({ left_out: files = [] }: Pick<ImportPlan | Receipt, 'left_out'>): Receipt['failed'] {
  return files.map(({ file, reason }) => ({ source_id: file, reason }));
}
