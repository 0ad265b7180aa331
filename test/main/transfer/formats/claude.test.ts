import { expect, test } from 'vitest';
import { textOfContent } from '../../../../shared/collections/content.ts';
import { claude } from '../../../../main/transfer/formats/claude.ts';
import { claudeMemories } from '../../../../main/transfer/formats/claude-memories.ts';
import type { ParsedMessage } from '../../../../main/transfer/formats/types.ts';
import { claudeConversation, claudeMessage } from '../../../fixtures/exports/claude.ts';

function parsed(more: Record<string, unknown>, text = 'plain'): ParsedMessage {
  const { nodes } = claude.parse(claudeConversation('u', [claudeMessage('m', 'assistant', text, more)]));
  const message = nodes[0]?.message;
  if (!message) throw new Error('no message');
  return message;
}

function shape(conversation: Record<string, unknown>): unknown {
  const { nodes, currentNode } = claude.parse(conversation);
  return { nodes: nodes.map(({ id, parent }) => `${parent ?? '·'}>${id}`), currentNode };
}

test('a conversation is recognised by its shape, and whether it is a tree', () => {
  const line = claudeConversation('u', [claudeMessage('a', 'human', 'x')]);
  expect(claude.recognise(line, 'x.json')).toBe('linear');
  expect(
    claude.recognise(
      claudeConversation('u', [claudeMessage('a', 'human', 'x', { parent_message_uuid: '0000' })]),
      'x.json',
    ),
  ).toBe('tree');
  expect(claude.recognise(claudeConversation('u', []), 'x.json')).toBe('linear');
  for (const other of [{}, { chat_messages: [] }, { uuid: 'x' }, { uuid: 'x', chat_messages: {} }])
    expect(claude.recognise(other, 'conversations.json')).toBeNull();
});

test('the official export is a line, each message below the one before it', () => {
  const messages = [
    claudeMessage('a', 'human', '1'),
    claudeMessage('b', 'assistant', '2'),
    claudeMessage('c', 'human', '3'),
  ];
  expect(shape(claudeConversation('u', messages))).toEqual({ nodes: ['·>a', 'a>b', 'b>c'], currentNode: 'c' });
});

test('the tree form keeps its branches and its chosen leaf', () => {
  const root = '00000000-0000-4000-8000-000000000000';
  const messages = [
    claudeMessage('a', 'human', '1', { parent_message_uuid: root }),
    claudeMessage('b', 'assistant', '2', { parent_message_uuid: 'a' }),
    claudeMessage('c', 'assistant', '3', { parent_message_uuid: 'a', child_message_uuids: [] }),
  ];
  const tree = claudeConversation('u', messages, { current_leaf_message_uuid: 'b', model: 'claude-x' });
  expect(shape(tree)).toEqual({ nodes: [`${root}>a`, 'a>b', 'a>c'], currentNode: 'b' });
});

test('times, name and account are read, and an unnamed conversation has no title', () => {
  expect(
    claude.parse(claudeConversation('u', [], { name: '', project: { uuid: 'p' }, is_starred: true })),
  ).toMatchObject({
    sourceId: 'u',
    title: '',
    createdAt: '2025-01-02T03:04:00.000Z',
    updatedAt: '2025-01-02T03:14:00.000Z',
    pinned: true,
    extra: { account: { uuid: 'account-1' }, summary: '', project: { uuid: 'p' } },
  });
});

test('blocks become parts, null blocks are passed over', () => {
  const message = parsed({
    content: [
      null,
      { type: 'thinking', thinking: 'let me see', summaries: [], cut_off: false, start_timestamp: null },
      {
        type: 'text',
        text: 'Here.',
        citations: [
          { uuid: 'c1', start_index: 0, end_index: 4, details: { type: 'web', url: 'https://a', title: 'A' } },
        ],
      },
      { type: 'tool_use', id: 't1', name: 'web_search', input: { query: 'herons' }, message: 'Searching' },
      {
        type: 'tool_result',
        tool_use_id: 't1',
        name: 'web_search',
        content: [{ type: 'text', text: 'found it', uuid: 'x' }],
        is_error: false,
      },
      {
        type: 'tool_result',
        content: [{ type: 'knowledge', title: 'K', url: 'https://k', text: 'known' }, { type: 'image' }],
      },
      { type: 'token_budget' },
      { type: 'future', body: 'unheard of' },
    ],
  });
  expect(message.content.map(({ extra: _extra, ...part }) => part)).toEqual([
    { type: 'thinking', text: 'let me see' },
    { type: 'text', text: 'Here.' },
    { type: 'tool_call', tool_name: 'web_search', tool_call_id: 't1', input: { query: 'herons' } },
    { type: 'tool_result', tool_name: 'web_search', tool_call_id: 't1', output: 'found it' },
    {
      type: 'tool_result',
      output: [{ type: 'knowledge', title: 'K', url: 'https://k', text: 'known' }, { type: 'image' }],
    },
    { type: 'unknown', raw: { type: 'future', body: 'unheard of' } },
  ]);
  expect(message.citations).toEqual([
    { uuid: 'c1', start_index: 0, end_index: 4, type: 'web', url: 'https://a', title: 'A' },
  ]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['no content', { content: undefined }, 'plain'],
  ['empty content', { content: [] }, 'plain'],
  ['content of nulls', { content: [null] }, 'plain'],
  ['content with an empty text', { content: [{ type: 'text', text: '' }] }, 'plain'],
  ['content as a string', { content: 'from content' }, 'from content'],
  [
    'content that says more',
    {
      content: [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
    },
    'one\n\ntwo',
  ],
])('with %s the text is found', (_, more, expected) => {
  expect(textOfContent([...parsed(more).content])).toBe(expected);
});

test('the placeholder for blocks that `text` cannot show is not taken for text', () => {
  const text = '```\nThis block is not supported on your current device yet.\n```';
  const message = parsed({ content: [{ type: 'tool_use', name: 'repl', input: { code: '1+1' } }] }, text);
  expect(message.content).toEqual([{ type: 'tool_call', tool_name: 'repl', input: { code: '1+1' } }]);
});

test('attachments and files become stubs, once each, with the text that was found in them', () => {
  const message = parsed({
    attachments: [
      { file_name: 'a.txt', file_size: 5, file_type: 'txt', extracted_content: 'inside' },
      { file_name: '', extracted_content: 'pasted words' },
    ],
    files: [
      { file_name: 'a.txt' },
      { file_name: 'image.png', file_uuid: 'f1' },
      { file_name: 'image.png', file_uuid: 'f2' },
    ],
  });
  expect(message.content.slice(1).map(({ extra: _extra, ...part }) => part)).toEqual([
    { type: 'attachment', name: 'a.txt', media_type: 'txt', size_bytes: 5, text: 'inside', missing: true },
    { type: 'attachment', name: 'pasted text', text: 'pasted words', missing: true },
    { type: 'attachment', name: 'image.png', missing: true },
    { type: 'attachment', name: 'image.png', missing: true },
  ]);
});

test('a message without any content is kept and marked hidden', () => {
  expect(parsed({ content: [] }, '')).toMatchObject({ content: [], hidden: true });
});

test('two messages of one id are both kept, and the same message twice is kept once', () => {
  const twice = claudeMessage('m', 'human', 'same');
  const messages = [
    twice,
    twice,
    claudeMessage('m', 'human', 'different'),
    { ...claudeMessage('', 'human', 'nameless'), uuid: undefined },
  ];
  expect(shape(claudeConversation('u', messages))).toEqual({
    nodes: ['·>m', 'm>m#2', 'm#2>message-3'],
    currentNode: 'message-3',
  });
});

test('memories are recognised by their shape', () => {
  const memories = {
    account_uuid: 'acc',
    conversations_memory: 'Rows a boat.',
    project_memories: { p1: 'Builds it.', p2: '' },
  };
  const summary = { keptId: null, type: 'SHARED_NARRATIVE', confidence: 0.6, facts: {} };
  expect(claudeMemories(memories)?.memories).toEqual([
    { ...summary, sourceId: 'acc/conversations', text: 'Rows a boat.', raw: { account_uuid: 'acc' } },
    { ...summary, sourceId: 'acc/projects/p1', text: 'Builds it.', raw: { account_uuid: 'acc', project_uuid: 'p1' } },
  ]);
  expect(claudeMemories({ uuid: 'p1', name: 'a project' })).toBeNull();
});
