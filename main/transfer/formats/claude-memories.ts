import { isForeign, objectAt, textAt } from './read-values.ts';
import type { Foreign } from './types.ts';

/** A text that the other program remembers about the person. */
export interface ParsedMemory {
  readonly sourceId: string;
  readonly text: string;
  readonly raw: Foreign;
}

/**
 * Claude's `memories.json`: `[{conversations_memory: text, project_memories: {uuid: text}, account_uuid}]`, or one such
 * object. Null for anything else.
 */
export function claudeMemories(value: unknown): ParsedMemory[] | null {
  if (!isForeign(value) || !('conversations_memory' in value || 'project_memories' in value)) return null;
  const account = textAt(value, 'account_uuid') ?? 'account';
  const general = textAt(value, 'conversations_memory');
  const found: ParsedMemory[] = [];
  if (general !== null && general.trim() !== '') {
    found.push({ sourceId: `${account}/conversations`, text: general, raw: { account_uuid: account } });
  }
  for (const [project, text] of Object.entries(objectAt(value, 'project_memories'))) {
    if (typeof text !== 'string' || text.trim() === '') continue;
    found.push({
      sourceId: `${account}/projects/${project}`,
      text,
      raw: { account_uuid: account, project_uuid: project },
    });
  }
  return found;
}
