import type { ConversationRecord } from './records.ts';

/** Names that Windows gives to devices, with any extension. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A file name that every system accepts and a person recognises: `2026-02-21 The title.md`.
 * Not unique: two conversations of one day may share a title.
 */
export function exportFileName(conversation: ConversationRecord, extension: 'md' | 'json'): string {
  const title = conversation.title
    // Reserved on Windows, separators, control and direction-changing characters.
    .replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const short = cutToBytes(title, 120).replace(/[. ]+$/, '');
  const day = /^\d{4}-\d{2}-\d{2}/.exec(conversation.created_at)?.[0] ?? 'undated';
  return `${day} ${short === '' || devices.test(short) ? 'Untitled' : short}.${extension}`;
}

/** Whole characters only; file systems count bytes (255 at most). */
function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > limit) return kept;
    kept += character;
  }
  return kept;
}
