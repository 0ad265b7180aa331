/**
 * What was typed and not yet sent, by conversation. In memory only: it outlives a look at another conversation, and
 * nothing the person wrote is kept anywhere but in the vault.
 */
const drafts = new Map<string, string>();

export function draftOf(conversationId: string): string {
  return drafts.get(conversationId) ?? '';
}

export function keepDraft(conversationId: string, text: string): void {
  if (text === '') drafts.delete(conversationId);
  else drafts.set(conversationId, text);
}
