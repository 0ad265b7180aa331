import type { Part } from '../../../shared/collections/content.ts';
import { ifAny, isForeign, listAt, objectAt, sizeAt, textAt, without } from './read-values.ts';
import type { Foreign } from './types.ts';

/** What Claude writes into `text` in place of blocks that only `content` has. */
const PLACEHOLDER = /```\s*This block is not supported on your current device yet\.\s*```/g;

/**
 * A message's blocks as typed parts. `content` says more than `text` and is preferred; `text` is taken where the blocks
 * say nothing. `saysText` tells whether the parts hold all of `text`.
 */
export function claudeContent(message: Foreign): { readonly parts: readonly Part[]; readonly saysText: boolean } {
  const content = message['content'];
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : listAt(message, 'content');
  const fromBlocks = blocks.filter(isForeign).flatMap(blockPart);
  const text = textAt(message, 'text') ?? '';
  const said = fromBlocks.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const plain = text.replaceAll(PLACEHOLDER, '').trim();
  const usesText = said.length === 0 && plain !== '';
  const attachments = listAt(message, 'attachments').filter(isForeign).map(attachment);
  const named = new Set(attachments.map((part) => part.name));
  const parts: Part[] = [
    ...(usesText ? [{ type: 'text' as const, text }] : []),
    ...fromBlocks,
    ...attachments,
    // A file may stand under both names.
    ...listAt(message, 'files')
      .filter(isForeign)
      .map(attachment)
      .filter((part) => !named.has(part.name)),
  ];
  return { parts, saysText: usesText || plain === said.join('\n').trim() || plain === '' };
}

function blockPart(block: Foreign): Part[] {
  switch (block['type']) {
    case 'text':
      return textBlock('text', textAt(block, 'text'), without(block, 'type', 'text', 'citations'));
    case 'voice_note':
      return textBlock('text', textAt(block, 'text'), without(block, 'text'));
    case 'thinking':
      return textBlock('thinking', thinkingText(block), without(block, 'type', 'thinking'));
    case 'tool_use':
      return [
        {
          type: 'tool_call',
          tool_name: textAt(block, 'name') ?? 'tool',
          ...ifAny('tool_call_id', textAt(block, 'id')),
          input: block['input'] ?? null,
          ...ifAny('extra', without(block, 'type', 'name', 'id', 'input')),
        },
      ];
    case 'tool_result':
      return [
        {
          type: 'tool_result',
          ...ifAny('tool_name', textAt(block, 'name')),
          ...ifAny('tool_call_id', textAt(block, 'tool_use_id')),
          output: toolOutput(block['content']),
          ...ifAny('extra', without(block, 'type', 'name', 'tool_use_id', 'content')),
        },
      ];
    // A counter between blocks, without anything to read.
    case 'token_budget':
      return [];
    default:
      return [{ type: 'unknown', raw: block }];
  }
}

function textBlock(type: 'text' | 'thinking', text: string | null, rest: Foreign): Part[] {
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return text === null ? [] : [{ type, text, ...ifAny('extra', said) }];
}

function thinkingText(block: Foreign): string | null {
  const summaries = listAt(block, 'summaries').flatMap((summary) =>
    isForeign(summary) ? [textAt(summary, 'summary')] : typeof summary === 'string' ? [summary] : [],
  );
  return textAt(block, 'thinking', 'text') ?? (summaries.filter(Boolean).join('\n') || null);
}

/** `[{type: 'text', text}]` is what most tools answer: its text alone. Anything else is kept as it is. */
function toolOutput(content: unknown): unknown {
  if (!Array.isArray(content)) return content ?? null;
  const [only] = content as readonly unknown[];
  const isPlain = content.length === 1 && isForeign(only) && only['type'] === 'text' && Object.keys(only).length <= 3;
  return isPlain && isForeign(only) && typeof only['text'] === 'string' ? only['text'] : content;
}

/** A stub: the export holds at most the text that was found in the file. */
function attachment(file: Foreign): Extract<Part, { type: 'attachment' }> {
  const text = textAt(file, 'extracted_content');
  return {
    type: 'attachment',
    name: textAt(file, 'file_name', 'name', 'file_uuid', 'id') ?? (text === null ? 'file' : 'pasted text'),
    ...ifAny('media_type', textAt(file, 'file_type', 'mime_type', 'file_kind')),
    ...ifAny('size_bytes', sizeAt(file, 'file_size', 'size_bytes')),
    ...ifAny('text', text),
    missing: true,
    ...ifAny('extra', without(file, 'file_name', 'file_type', 'file_size', 'extracted_content')),
  };
}

/** Pages that a text block cites, with their place in it. */
export function claudeCitations(message: Foreign): Foreign[] {
  return listAt(message, 'content')
    .filter(isForeign)
    .flatMap((block) => listAt(block, 'citations').filter(isForeign))
    .map((citation) => ({ ...objectAt(citation, 'details'), ...without(citation, 'details') }));
}
