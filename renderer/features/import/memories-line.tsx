import type { ImportPlan } from '../../../shared/ipc/models.ts';
import { strings } from '../../lib/strings.ts';
import classes from './import.module.css';

/** What becomes of the memories in an archive; nothing where it has none. */
export function MemoriesLine({ memories }: { readonly memories: ImportPlan['memories'] }) {
  if (!memories || memories.created + memories.updated + memories.skipped === 0) return null;
  return <p className={classes.aside}>{strings.imports.memories(memories)}</p>;
}
