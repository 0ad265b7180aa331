import { hash128 } from '../lib/hash.ts';
import type { StagedOperation } from '../store/types.ts';
import { stateBefore } from './earlier-state.ts';
import { objectAt, textAt } from './formats/read-values.ts';
import type { Foreign } from './formats/types.ts';

export interface MemoryUndo {
  readonly sourceId: string;
  readonly operation: StagedOperation | null;
  readonly kept: string | null;
}

/** What taking back an import means for a memory that it created or changed. */
export function planMemoryUndo(memory: Foreign, importId: string): MemoryUndo {
  const source = objectAt(memory, 'source');
  const sourceId = textAt(source, 'source_id') ?? String(memory['id']);
  const keep = (kept: string): MemoryUndo => ({ sourceId, operation: null, kept });
  if (hash128(textAt(memory, 'text') ?? '') !== source['sum'])
    return keep('you have changed this memory since the import');
  const by = source['updated_by'];
  if (typeof by === 'string' && by !== importId) return keep('a later import has updated this memory');
  if (source['import_id'] === importId) {
    return { sourceId, operation: { op: 'delete', collection: 'memories', id: String(memory['id']) }, kept: null };
  }
  const record = stateBefore({ ...memory, source }, importId);
  return { sourceId, operation: record && { op: 'put', collection: 'memories', record }, kept: null };
}
