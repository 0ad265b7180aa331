import { partsOf, type Part } from '../../shared/collections/content.ts';
import { assertNever } from '../../shared/assert.ts';
import type { ConversationRecord, MessageRecord } from './records.ts';
import { visibleMessages } from './thread.ts';

/**
 * The chosen branch as Markdown: YAML front matter, the title, a heading per message. Thinking and tool traffic are
 * folded (`<details>`), attachments named. Ends with a line break.
 *
 * @param messages all messages of the conversation, in any order
 */
export function conversationToMarkdown(conversation: ConversationRecord, messages: readonly MessageRecord[]): string {
  const title = oneLine(conversation.title) || 'Untitled';
  const shown = visibleMessages(messages, conversation.current_leaf);
  return `${[frontMatter(conversation), `# ${title}`, ...shown.map(messageToMarkdown)].join('\n\n')}\n`;
}

/**
 * The whole conversation, all branches, as one JSON document in the chat shape of seed 001: the conversation's own
 * fields with its messages embedded, oldest first. Bookkeeping (`_meta`) stays in the vault. Ends with a line break.
 *
 * @param messages all messages of the conversation, in any order
 */
export function conversationToJson(conversation: ConversationRecord, messages: readonly MessageRecord[]): string {
  return `${JSON.stringify(conversationDocument(conversation, messages), null, 2)}\n`;
}

function conversationDocument(conversation: ConversationRecord, messages: readonly MessageRecord[]): object {
  const { id, title, created_at, updated_at, workspace, streaming_status, provider, ...rest } =
    withoutMeta(conversation);
  const inOrder = [...messages].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  return {
    id,
    title,
    created_at,
    updated_at,
    messages: inOrder.map(messageDocument),
    workspace: workspace ?? null,
    streaming_status: streaming_status ?? null,
    provider: provider ?? null,
    ...rest,
  };
}

function messageDocument(message: MessageRecord): object {
  const { id, conversation_id: _conversation, role, content, created_at, ...rest } = withoutMeta(message);
  return { id, role, content, created_at, ...rest };
}

function withoutMeta<T extends object>(record: T): T {
  const { _meta, ...rest } = record as T & { readonly _meta?: unknown };
  // Only `_meta` was taken off, which T does not declare.
  return rest as unknown as T;
}

/** JSON strings are YAML strings too, whatever is in them. */
function frontMatter(conversation: ConversationRecord): string {
  const facts: readonly (readonly [string, unknown])[] = [
    ['id', conversation.id],
    ['title', oneLine(conversation.title)],
    ['created', conversation.created_at],
    ['updated', conversation.updated_at],
    ['source', conversation.source?.app],
    ['tags', conversation.tags.length > 0 ? conversation.tags : undefined],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return ['---', ...lines, '---'].join('\n');
}

const roleNames = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' } as const;

function messageToMarkdown(message: MessageRecord): string {
  const who = oneLine(message.author_name ?? '') || roleNames[message.role];
  const parts = partsOf(message.content).map(partToMarkdown).filter(Boolean);
  const sources = message.source_citations?.map(citationLine).filter(Boolean) ?? [];
  const blocks = [`## ${who} · ${readableTime(message.created_at)}`, ...parts];
  if (sources.length > 0) blocks.push(`Sources:\n\n${sources.join('\n')}`);
  return blocks.join('\n\n');
}

function partToMarkdown(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text.trim();
    case 'code':
      return fenced(part.text, part.language ?? '');
    case 'thinking':
      return part.text.trim() === '' ? '' : folded('Thinking', part.text.trim());
    case 'tool_call':
      return folded(`Tool call: ${oneLine(part.tool_name)}`, fencedValue(part.input));
    case 'tool_result':
      return folded(`Tool result${part.tool_name ? `: ${oneLine(part.tool_name)}` : ''}`, fencedValue(part.output));
    case 'attachment': {
      const note = part.missing ? ' (not in the archive)' : '';
      const name = `*Attachment: ${oneLine(part.name).replaceAll('*', '\\*')}${note}*`;
      return part.text === undefined ? name : `${name}\n\n${folded('Text of the attachment', fenced(part.text, ''))}`;
    }
    case 'unknown':
      return folded('Other content', fencedValue(part.raw));
    default:
      return assertNever(part, 'part of a message');
  }
}

function fencedValue(value: unknown): string {
  return typeof value === 'string' ? fenced(value, '') : fenced(JSON.stringify(value, null, 2) ?? 'null', 'json');
}

/** A code block whose fence is longer than any run of backticks inside it. */
function fenced(text: string, language: string): string {
  let longest = 0;
  for (const run of text.matchAll(/`+/g)) longest = Math.max(longest, run[0].length);
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${oneLine(language).replaceAll('`', '')}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function folded(summary: string, body: string): string {
  const safe = summary.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<details>\n<summary>${safe}</summary>\n\n${body}\n\n</details>`;
}

function citationLine(citation: Readonly<Record<string, unknown>>): string {
  const textAt = (...names: readonly string[]): string =>
    oneLine(names.map((name) => citation[name]).find((value): value is string => typeof value === 'string') ?? '');
  const url = textAt('url', 'uri', 'link');
  const title = textAt('title', 'name', 'pdf_name', 'source') || url;
  if (title === '') return '';
  return url === ''
    ? `- ${title}`
    : `- [${title.replaceAll(/[[\]]/g, '\\$&')}](<${url.replaceAll(/[<>]/g, encodeURIComponent)}>)`;
}

/** `2026-02-21 09:00 UTC`: the same file on every machine. */
function readableTime(timestamp: string): string {
  const timeMs = Date.parse(timestamp);
  return Number.isNaN(timeMs) ? timestamp : `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
