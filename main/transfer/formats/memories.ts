import { claudeMemories } from './claude-memories.ts';
import { documentMemories } from './memory-document.ts';
import type { MemoryFile } from './parsed-memory.ts';

/** Null for a value that holds no memories of a program that we know. */
export function memoriesIn(value: unknown): MemoryFile | null {
  return claudeMemories(value) ?? documentMemories(value);
}
