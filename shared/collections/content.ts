import { z } from 'zod';

/** One typed piece of a message. Text that a person reads is in `text`; the rest is folded on screen. */
export const Part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('code'), text: z.string(), language: z.string().optional() }),
  z.looseObject({ type: z.literal('thinking'), text: z.string() }),
  z.looseObject({
    type: z.literal('tool_call'),
    tool_name: z.string(),
    tool_call_id: z.string().optional(),
    input: z.unknown(),
  }),
  z.looseObject({
    type: z.literal('tool_result'),
    tool_name: z.string().optional(),
    tool_call_id: z.string().optional(),
    output: z.unknown(),
  }),
  /** A file, image or sound that belonged to the message. `missing` is true where the export lacks its bytes. */
  z.looseObject({
    type: z.literal('attachment'),
    name: z.string(),
    media_type: z.string().optional(),
    size_bytes: z.number().optional(),
    /** Text that the other program had extracted from it. */
    text: z.string().optional(),
    missing: z.boolean(),
  }),
  /** A shape this version does not know, kept verbatim. */
  z.looseObject({ type: z.literal('unknown'), raw: z.unknown() }),
]);
export type Part = z.infer<typeof Part>;

/** Seeds 001 and 003 write plain strings; imports write typed parts. Both are content. */
export const Content = z.union([z.string(), z.array(Part)]);
export type Content = z.infer<typeof Content>;

export function partsOf(content: Content): readonly Part[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

/** All that can be read in a part, tool inputs and outputs included, as plain text; '' where there is nothing. */
export function textOfPart(part: Part): string {
  switch (part.type) {
    case 'text':
    case 'code':
    case 'thinking':
      return part.text;
    case 'tool_call':
      return `${part.tool_name}\n${textOfUnknown(part.input)}`;
    case 'tool_result':
      return textOfUnknown(part.output);
    case 'attachment':
      return part.text === undefined ? part.name : `${part.name}\n${part.text}`;
    case 'unknown':
      return textOfUnknown(part.raw);
  }
}

/** What search finds in a message. */
export function textOfContent(content: Content): string {
  return partsOf(content).map(textOfPart).filter(Boolean).join('\n\n');
}

function textOfUnknown(value: unknown): string {
  if (value == null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(textOfUnknown).filter(Boolean).join('\n');
  return typeof value === 'object' ? Object.values(value).map(textOfUnknown).filter(Boolean).join('\n') : '';
}
