import { sha256Hex, hash128 } from '../lib/hash.ts';
import { derivedId } from '../lib/ids.ts';
import { ForeignEncoder, safeText } from './encode-foreign.ts';
import type { ParsedMemory } from './formats/parsed-memory.ts';
import type { OfferedMemory, StoredMemory } from './lookup.ts';
import { overwriting, type RecordRef } from './earlier-state.ts';
import type { MemoryCounts } from './tally.ts';

interface MemoryPlan {
  readonly id: string;
  readonly offered: OfferedMemory;
  /** See ParsedMemory. */
  readonly keptId: string | null;
  /** What to do, once it is known whether the vault has it from an earlier import, or is where it comes from. */
  against(
    stored: StoredMemory | null,
    isKept: boolean,
  ): {
    readonly action: keyof MemoryCounts;
    readonly record: Readonly<Record<string, unknown>> | null;
    readonly replaces: readonly RecordRef[];
  };
}

/** What another program remembers of the person, as a record. */
export function planMemory(
  memory: ParsedMemory,
  from: { readonly app: string; readonly importId: string; readonly importedAt: string },
): MemoryPlan {
  const id = derivedId(from.app, 'memory', memory.sourceId);
  const text = safeText(memory.text);
  const sum = hash128(text);
  const source = {
    app: from.app,
    format_version: 'memories',
    source_id: safeText(memory.sourceId),
    sha256: sha256Hex(memory.text),
    import_id: from.importId,
    sum,
  };
  const fresh = {
    id,
    ...memory.facts,
    type: memory.type,
    text,
    confidence: memory.confidence,
    created_at: from.importedAt,
    updated_at: from.importedAt,
    source,
    extra: new ForeignEncoder({ flat: false }).object(memory.raw),
  };
  return {
    id,
    offered: { type: memory.type, text },
    keptId: memory.keptId,
    against(stored, isKept) {
      if (isKept) return { action: 'skipped', record: null, replaces: [] };
      // A tombstone has nothing of what it was, and stays one.
      if (stored?.['state'] === 'forgotten') return { action: 'skipped', record: null, replaces: [] };
      if (!stored) return { action: 'created', record: fresh, replaces: [] };
      // What the person has rewritten stays theirs.
      if (stored.source.sum === sum || hash128(stored.text) !== stored.source.sum) {
        return { action: 'skipped', record: null, replaces: [] };
      }
      const record = { ...stored, text, updated_at: from.importedAt, source };
      const replaced = overwriting(record, { ...stored, source: { ...stored.source } }, from.importId);
      return { action: 'updated', record: replaced, replaces: [{ collection: 'memories', id }] };
    },
  };
}
