import type { MemoryType } from '../../../shared/collections/memories.ts';
import type { Foreign } from './types.ts';

/** Something that another program remembers about the person. */
export interface ParsedMemory {
  /** The same at each export. */
  readonly sourceId: string;
  /** Its id where the export is one of ours: a memory that the vault has by it is not taken twice. */
  readonly keptId: string | null;
  readonly type: MemoryType;
  readonly text: string;
  /** In [0.6, 1]. */
  readonly confidence: number;
  /** Further fields of our record: dates, counts, `domain`. */
  readonly facts: Foreign;
  /** What has no field here, verbatim. */
  readonly raw: Foreign;
}

/** A JSON value that holds memories. */
export interface MemoryFile {
  readonly app: string;
  readonly title: string;
  readonly memories: readonly ParsedMemory[];
  /** What else it holds and is not taken over; null: nothing. */
  readonly leaves: string | null;
}
