import type { Candidate } from './engine.ts';
import type { FoundHit } from './protocol.ts';
import type { SearchQuery } from './query.ts';
import { readRecordAt } from './record-reader.ts';
import { searchableOf } from './searchable.ts';
import { isFoundIn, makeSnippet } from './snippet.ts';

/** Reads the candidates' own text and cuts the snippets. What is not there any more is left out. */
export function hitsOf(root: string, candidates: readonly Candidate[], query: SearchQuery): FoundHit[] {
  return candidates.flatMap((candidate) => {
    const record = readRecordAt(root, candidate, candidate.id);
    if (!record) return [];
    const { collection, id, score } = candidate;
    const { title, body, conversationId, createdAt } = searchableOf(collection, record);
    const isConversation = collection === 'conversations';
    const text = title !== '' && !isFoundIn(body, query) ? title : body;
    return [
      {
        collection,
        id,
        conversation_id: conversationId,
        title: isConversation || conversationId === null ? title : null,
        ...makeSnippet(text, query),
        score,
        created_at: createdAt,
      },
    ];
  });
}
