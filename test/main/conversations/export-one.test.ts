import { expect, test } from 'vitest';
import { conversationToJson, conversationToMarkdown } from '../../../main/conversations/export-one.ts';
import { exportFileName } from '../../../main/conversations/file-name.ts';
import type { ConversationRecord, MessageRecord } from '../../../main/conversations/records.ts';

const at = '2026-02-21T09:00:00.000Z';
const conversation: ConversationRecord = {
  id: 'abc12345',
  title: 'Paris: "the plan"',
  kind: 'chat',
  created_at: at,
  updated_at: '2026-02-21T10:30:00.000Z',
  workspace: '/path',
  provider: 'auggie',
  tags: ['trips'],
  pinned: false,
  archived: false,
};

function message(id: string, fields: Partial<MessageRecord>): MessageRecord {
  return { id, conversation_id: 'abc12345', role: 'user', content: '', created_at: at, updated_at: at, ...fields };
}

test('Markdown has front matter, the title, and a heading per message of the chosen branch', () => {
  const messages = [
    message('1', { content: 'Where to?', parent_id: null }),
    message('2', { role: 'assistant', content: 'Not shown', parent_id: '1', created_at: '2026-02-21T09:01:00.000Z' }),
    message('3', {
      role: 'assistant',
      author_name: 'Claude',
      parent_id: '1',
      created_at: '2026-02-21T09:02:00.000Z',
      content: [
        { type: 'thinking', text: 'Hm.' },
        { type: 'text', text: '# Paris\n\nGo **there**.' },
        { type: 'code', text: 'a ``` b', language: 'ts' },
        { type: 'tool_call', tool_name: 'search <web>', input: { q: 'paris' } },
        { type: 'attachment', name: 'map.pdf', missing: true },
      ],
      source_citations: [{ title: 'Guide [1]', url: 'https://example.com/a' }],
    }),
  ];
  expect(conversationToMarkdown({ ...conversation, current_leaf: '3' }, messages)).toBe(`---
id: "abc12345"
title: "Paris: \\"the plan\\""
created: "2026-02-21T09:00:00.000Z"
updated: "2026-02-21T10:30:00.000Z"
tags: ["trips"]
---

# Paris: "the plan"

## User · 2026-02-21 09:00 UTC

Where to?

## Claude · 2026-02-21 09:02 UTC

<details>
<summary>Thinking</summary>

Hm.

</details>

# Paris

Go **there**.

\`\`\`\`ts
a \`\`\` b
\`\`\`\`

<details>
<summary>Tool call: search &lt;web&gt;</summary>

\`\`\`json
{
  "q": "paris"
}
\`\`\`

</details>

*Attachment: map.pdf (not in the archive)*

Sources:

- [Guide \\[1\\]](<https://example.com/a>)
`);
});

test('JSON is the chat document of seed 001 with all messages embedded, bookkeeping left out', () => {
  const stored = { ...conversation, _meta: { rev: '1-x' } };
  const messages = [
    { ...message('2', { content: 'b', created_at: '2026-02-21T09:05:00.000Z' }), _meta: { rev: '1-y' } },
    message('1', { content: 'a' }),
  ];
  const document: unknown = JSON.parse(conversationToJson(stored, messages));
  expect(document).toEqual({
    id: 'abc12345',
    title: 'Paris: "the plan"',
    created_at: at,
    updated_at: '2026-02-21T10:30:00.000Z',
    messages: [
      { id: '1', role: 'user', content: 'a', created_at: at, updated_at: at },
      { id: '2', role: 'user', content: 'b', created_at: '2026-02-21T09:05:00.000Z', updated_at: at },
    ],
    workspace: '/path',
    streaming_status: null,
    provider: 'auggie',
    kind: 'chat',
    tags: ['trips'],
    pinned: false,
    archived: false,
  });
  expect(Object.keys(document as object).slice(0, 5)).toEqual(['id', 'title', 'created_at', 'updated_at', 'messages']);
});

test.each([
  ['Paris: a/b\\c*?', '2026-02-21 Paris a b c.md'],
  ['  ', '2026-02-21 Untitled.md'],
  ['CON', '2026-02-21 Untitled.md'],
  ['ends with dots...', '2026-02-21 ends with dots.md'],
  ['a\0b\nc\u202Ed', '2026-02-21 a b c d.md'],
  ['👨‍👩‍👧 日本', '2026-02-21 👨‍👩‍👧 日本.md'],
])('the title %j makes the file name %j', (title, expected) => {
  expect(exportFileName({ ...conversation, title }, 'md')).toBe(expected);
});

test('a long title is cut at a whole character within what file systems take', () => {
  const name = exportFileName({ ...conversation, title: '日'.repeat(300) }, 'json');
  expect(Buffer.byteLength(name)).toBeLessThan(200);
  expect(name).toMatch(/^2026-02-21 日+\.json$/u);
});
