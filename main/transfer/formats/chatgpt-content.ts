import type { Part } from '../../../shared/collections/content.ts';
import type { Message } from '../../../shared/collections/messages.ts';
import { chatgptAttachments, pointerParts, unusedAttachments, type Attachments } from './chatgpt-attachments.ts';
import { ifAny, isForeign, listAt, objectAt, textAt, without } from './read-values.ts';
import type { Foreign } from './types.ts';

export interface ChatgptContent {
  readonly parts: readonly Part[];
  /** Keys of `content` that found no place in the parts. */
  readonly rest: Foreign;
  /** Custom instructions and memory, which ChatGPT sends along with a conversation and does not show. */
  readonly isContext: boolean;
}

/** How a piece of text in this message reads: said, handed to a tool, or answered by one. */
type Wording = (text: string) => Part[];

const contextFields: Readonly<Record<string, readonly string[]>> = {
  user_editable_context: ['user_profile', 'user_instructions'],
  model_editable_context: ['model_set_context', 'repository', 'repo_summary', 'structured_context'],
};
/** What a tool brought, as one object: its texts belong together. */
const broughtByTools = ['tether_quote', 'tether_browsing_display', 'sonic_webpage', 'system_error'];

/** The content of a message, of whatever `content_type`, as typed parts. No text is lost, known type or not. */
export function chatgptContent(message: Foreign, role: Message['role']): ChatgptContent {
  const content = message['content'];
  const metadata = objectAt(message, 'metadata');
  const attachments = chatgptAttachments(metadata);
  const wording = wordingOf(message, role);
  if (typeof content === 'string') return shown([...wording(content), ...unusedAttachments(attachments)]);
  if (!isForeign(content)) return shown([...userContext(metadata), ...unusedAttachments(attachments)]);
  const read = readContent(content, textAt(content, 'content_type') ?? 'text', wording, attachments);
  return { ...read, parts: [...read.parts, ...userContext(metadata), ...unusedAttachments(attachments)] };
}

function shown(parts: readonly Part[], rest: Foreign = {}): ChatgptContent {
  return { parts, rest, isContext: false };
}

function readContent(content: Foreign, type: string, wording: Wording, attachments: Attachments): ChatgptContent {
  const context = contextFields[type];
  if (context) {
    const parts = context.flatMap((field) => textPart(content[field]));
    return {
      parts,
      rest: without(content, ...context.filter((field) => typeof content[field] === 'string')),
      isContext: true,
    };
  }
  if (type === 'thoughts') {
    const parts = listAt(content, 'thoughts').flatMap(thought);
    return shown([...parts, ...partsOf(content, wording, attachments)], without(content, 'thoughts', 'parts'));
  }
  if (type === 'reasoning_recap') {
    const parts = [textAt(content, 'content')].flatMap((text) => (text ? [{ type: 'thinking' as const, text }] : []));
    return shown([...parts, ...partsOf(content, wording, attachments)], without(content, 'content', 'parts'));
  }
  if (broughtByTools.includes(type)) return shown(brought(content), { content_type: type });
  return general(content, type, wording, attachments);
}

/** `text`, `multimodal_text`, `code`, `execution_output`, and whatever comes next that has parts or a text. */
function general(content: Foreign, type: string, wording: Wording, attachments: Attachments): ChatgptContent {
  const parts = partsOf(content, wording, attachments);
  const text = textAt(content, 'text', 'output_str', 'result');
  if (text !== null) parts.push(...bodyText(content, type, text, wording));
  const taken = ['parts', ...['text', 'output_str', 'result'].filter((key) => content[key] === text)];
  const rest = without(content, ...taken, ...(type === 'text' ? ['content_type'] : []));
  const isForeignType = parts.length === 0 && Object.keys(without(rest, 'content_type')).length > 0;
  // A type we do not know, with no text where text usually is: kept whole, and searched whole.
  if (isForeignType && hasValue(rest)) return shown([{ type: 'unknown', raw: content }]);
  return shown(parts, rest);
}

function hasValue(rest: Foreign): boolean {
  return Object.values(without(rest, 'content_type', 'language', 'response_format_name')).some(
    (value) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}

function bodyText(content: Foreign, type: string, text: string, wording: Wording): Part[] {
  const worded = wording(text);
  if (type !== 'code' || worded[0]?.type !== 'text') return worded;
  const language = textAt(content, 'language');
  return [{ type: 'code', text, ...ifAny('language', language === 'unknown' ? null : language) }];
}

function partsOf(content: Foreign, wording: Wording, attachments: Attachments): Part[] {
  return listAt(content, 'parts').flatMap((part): Part[] => {
    if (part === null || part === undefined) return [];
    if (!isForeign(part)) return wording(typeof part === 'string' ? part : JSON.stringify(part));
    const pointers = pointerParts(part, attachments);
    if (pointers.length > 0) return pointers;
    const text = textAt(part, 'text');
    if (text === null) return 'text' in part && part['text'] === '' ? [] : [{ type: 'unknown', raw: part }];
    return wording(text).map((worded): Part => ({ ...worded, ...ifAny('extra', without(part, 'text')) }));
  });
}

function wordingOf(message: Foreign, role: Message['role']): Wording {
  const recipient = textAt(message, 'recipient');
  if (role === 'assistant' && recipient !== null && recipient !== 'all') {
    return (text) => (text === '' ? [] : [{ type: 'tool_call', tool_name: recipient, input: parsedInput(text) }]);
  }
  if (role === 'tool') {
    const tool = ifAny('tool_name', textAt(objectAt(message, 'author'), 'name'));
    return (text) => (text === '' ? [] : [{ type: 'tool_result', ...tool, output: text }]);
  }
  return textPart;
}

/** Arguments are JSON as text: read, so that words in them stand without their escapes. */
function parsedInput(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textPart(text: unknown): Part[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'text', text }] : [];
}

function thought(value: unknown): Part[] {
  if (typeof value === 'string' && value !== '') return [{ type: 'thinking', text: value }];
  if (!isForeign(value)) return [];
  const chunks = listAt(value, 'chunks').filter((chunk) => typeof chunk === 'string');
  const body = textAt(value, 'content') ?? chunks.join('');
  const text = [textAt(value, 'summary'), body].filter(Boolean).join('\n\n');
  return text === '' ? [] : [{ type: 'thinking', text, ...ifAny('extra', without(value, 'summary', 'content')) }];
}

function brought(content: Foreign): Part[] {
  const output = without(content, 'content_type');
  return hasValue(output) ? [{ type: 'tool_result', ...ifAny('tool_name', textAt(content, 'name')), output }] : [];
}

/** Custom instructions of 2023 stand in the metadata of an empty system message. */
function userContext(metadata: Foreign): Part[] {
  const data = objectAt(metadata, 'user_context_message_data');
  return ['about_user_message', 'about_model_message'].flatMap((key) => textPart(data[key]));
}
