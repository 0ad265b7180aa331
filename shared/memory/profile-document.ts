import type { MemoryType } from '../collections/memories.ts';

/** Where the three kinds stand in a profile document of seed 004 (version 1.x), and what their text is called there. */
export const DOCUMENT_KINDS: readonly { readonly list: string; readonly text: string; readonly type: MemoryType }[] = [
  { list: 'memorable_facts', text: 'fact', type: 'USER_FACT' },
  { list: 'patterns', text: 'pattern', type: 'USER_PATTERN' },
  { list: 'narratives', text: 'narrative', type: 'SHARED_NARRATIVE' },
];
