import { LEAST_STORED } from '../../../shared/memory/least-confidence.ts';
import type { MemoryFile, ParsedMemory } from './parsed-memory.ts';
import { isForeign, objectAt, textAt } from './read-values.ts';
import type { Foreign } from './types.ts';

/**
 * Claude's `memories.json`: `[{conversations_memory: text, project_memories: {uuid: text}, account_uuid}]`, or one such
 * object. Null for anything else.
 */
export function claudeMemories(value: unknown): MemoryFile | null {
  if (!isForeign(value) || !('conversations_memory' in value || 'project_memories' in value)) return null;
  const account = textAt(value, 'account_uuid') ?? 'account';
  const general = textAt(value, 'conversations_memory');
  const found: ParsedMemory[] = [];
  if (general !== null && general.trim() !== '') {
    found.push(narrative(`${account}/conversations`, general, { account_uuid: account }));
  }
  for (const [project, text] of Object.entries(objectAt(value, 'project_memories'))) {
    if (typeof text !== 'string' || text.trim() === '') continue;
    found.push(narrative(`${account}/projects/${project}`, text, { account_uuid: account, project_uuid: project }));
  }
  return { app: 'claude', title: 'Claude', memories: found, leaves: null };
}

/** A summary of its own making, of which nobody said that it is so. */
function narrative(sourceId: string, text: string, raw: Foreign): ParsedMemory {
  return { sourceId, keptId: null, type: 'SHARED_NARRATIVE', text, confidence: LEAST_STORED, facts: {}, raw };
}
