import { expect, test } from 'vitest';
import { partsOf, textOfContent } from '../../../../shared/collections/content.ts';
import { chatgpt } from '../../../../main/transfer/formats/chatgpt.ts';
import type { ParsedMessage } from '../../../../main/transfer/formats/types.ts';
import { conversation, emptyNode, node, plainConversation } from '../../../fixtures/exports/chatgpt.ts';

type MessageOptions = Parameters<typeof node>[3];

/** The one message of a conversation that holds it alone. */
function parsed(options: MessageOptions, text: string | null = null): ParsedMessage {
  const { nodes } = chatgpt.parse(conversation('c', [node('n', null, text, options)]));
  const message = nodes[0]?.message;
  if (!message) throw new Error('no message');
  return message;
}

test('a conversation is recognised by its shape, whatever its file is called', () => {
  expect(chatgpt.recognise(plainConversation('c'), 'anything.json')).toBe('single');
  expect(chatgpt.recognise(plainConversation('c'), 'x/conversations-012.json')).toBe('sharded');
  expect(chatgpt.recognise({ id: 'x', mapping: null, current_node: null, create_time: 1 }, 'a.json')).toBe('single');
  for (const other of [{}, { mapping: [] }, { mapping: { a: 1 } }, { mapping: null }, { id: 'c', title: 't' }]) {
    expect(chatgpt.recognise(other, 'conversations.json')).toBeNull();
  }
});

test('a conversation keeps its title, times, state, chosen node, and every other field verbatim', () => {
  const { nodes, ...rest } = chatgpt.parse({
    ...plainConversation('c1'),
    is_archived: true,
    is_starred: true,
    gizmo_id: 'g-1',
    'odd.key': { $deep: 1 },
  });
  expect(nodes).toHaveLength(4);
  expect(rest).toEqual({
    sourceId: 'c1',
    title: 'Title of c1',
    createdAt: '2023-11-14T22:13:20.123Z',
    updatedAt: '2023-11-14T22:28:20.500Z',
    archived: true,
    pinned: true,
    currentNode: 'a',
    extra: {
      moderation_results: [],
      plugin_ids: null,
      conversation_template_id: null,
      gizmo_id: 'g-1',
      is_starred: true,
      safe_urls: [],
      default_model_slug: 'gpt-5',
      'odd.key': { $deep: 1 },
    },
  });
});

test('absent and null fields are no obstacle', () => {
  const bare = { id: 'c', mapping: { n: { message: { content: { parts: ['hello'] } } } } };
  const { nodes, ...rest } = chatgpt.parse(bare);
  expect(rest).toMatchObject({ sourceId: 'c', title: '', createdAt: null, updatedAt: null, currentNode: null });
  expect(nodes[0]).toMatchObject({
    id: 'n',
    parent: null,
    message: { role: 'assistant', content: [{ type: 'text', text: 'hello' }] },
  });
  const nulls = {
    conversation_id: 'c',
    title: null,
    create_time: null,
    update_time: null,
    current_node: null,
    mapping: { n: null, m: { id: 'm', message: null, parent: null, children: null } },
  };
  expect(chatgpt.parse(nulls)).toMatchObject({ title: '', nodes: [{ id: 'm', message: null }] });
});

test('a conversation without an id gets the same one in every export', () => {
  const { id: _id, conversation_id: _conversation, ...nameless } = plainConversation('c');
  const later = { ...nameless, update_time: 1_800_000_000 };
  expect(chatgpt.parse(nameless).sourceId).toBe(chatgpt.parse(later).sourceId);
});

test('a node that names no parent belongs under the node that lists it', () => {
  const { nodes } = chatgpt.parse({
    id: 'c',
    mapping: { root: { children: ['n'], message: null }, n: { message: { content: { parts: ['x'] } } } },
  });
  expect(nodes.map(({ id, parent }) => [id, parent])).toEqual([
    ['root', null],
    ['n', 'root'],
  ]);
});

test.each<[string, unknown, string]>([
  ['text', { content_type: 'text', parts: ['one', '', 'two'] }, 'one\n\ntwo'],
  ['text with null parts', { content_type: 'text', parts: [null, 'x'] }, 'x'],
  ['text without a type', { parts: ['x'] }, 'x'],
  ['plain string', 'just text', 'just text'],
  ['code', { content_type: 'code', language: 'python', response_format_name: null, text: 'print(1)' }, 'print(1)'],
  ['execution_output', { content_type: 'execution_output', text: 'result 42' }, 'result 42'],
  [
    'thoughts',
    {
      content_type: 'thoughts',
      thoughts: [{ summary: 'S', content: 'C', chunks: [], finished: true }],
      source_analysis_msg_id: 'x',
    },
    'S\n\nC',
  ],
  ['reasoning_recap', { content_type: 'reasoning_recap', content: 'Thought for 38s' }, 'Thought for 38s'],
  [
    'tether_quote',
    { content_type: 'tether_quote', url: 'https://u', domain: 'u', title: 'T', text: 'quoted' },
    'https://u\nu\nT\nquoted',
  ],
  [
    'tether_browsing_display',
    { content_type: 'tether_browsing_display', result: '# page', summary: null, assets: null },
    '# page',
  ],
  [
    'sonic_webpage',
    { content_type: 'sonic_webpage', url: 'https://u', title: 'T', text: 'scraped', snippet: 'sn' },
    'https://u\nT\nscraped\nsn',
  ],
  [
    'system_error',
    { content_type: 'system_error', name: 'ChatGPTAgentToolException', text: 'it failed' },
    'ChatGPTAgentToolException\nit failed',
  ],
  [
    'user_editable_context',
    { content_type: 'user_editable_context', user_profile: 'who', user_instructions: 'how' },
    'who\n\nhow',
  ],
  [
    'model_editable_context',
    { content_type: 'model_editable_context', model_set_context: 'memory', repository: null },
    'memory',
  ],
  [
    'audio_transcription',
    {
      content_type: 'multimodal_text',
      parts: [{ content_type: 'audio_transcription', text: 'spoken', direction: 'in' }],
    },
    'spoken',
  ],
  ['an unknown type with parts', { content_type: 'new_2027', parts: ['words'] }, 'words'],
  ['an unknown type with text', { content_type: 'new_2027', text: 'words', more: 1 }, 'words'],
  ['an unknown type with neither', { content_type: 'new_2027', payload: { deep: ['words'] } }, 'new_2027\nwords'],
])('the text of %s is found', (_, content, expected) => {
  expect(textOfContent([...parsed({ role: 'assistant', content }).content])).toBe(expected);
});

test.each<[string, MessageOptions, unknown]>([
  [
    'code said to everybody is code',
    { role: 'assistant', content: { content_type: 'code', language: 'sql', text: 'select 1' } },
    { type: 'code', language: 'sql', text: 'select 1' },
  ],
  [
    'what is said to a tool is a call',
    {
      role: 'assistant',
      content: { content_type: 'code', language: 'unknown', text: 'search("x")' },
      more: { recipient: 'browser' },
    },
    { type: 'tool_call', tool_name: 'browser', input: 'search("x")' },
  ],
  [
    'arguments in JSON are read',
    {
      role: 'assistant',
      content: { content_type: 'text', parts: ['{"content":"a\\nb"}'] },
      more: { recipient: 'canmore.create_textdoc' },
    },
    { type: 'tool_call', tool_name: 'canmore.create_textdoc', input: { content: 'a\nb' } },
  ],
  [
    'what a tool says is its result',
    { role: 'tool', name: 'python', content: { content_type: 'execution_output', text: '42' } },
    { type: 'tool_result', tool_name: 'python', output: '42' },
  ],
  [
    'thoughts are thinking',
    { role: 'assistant', content: { content_type: 'thoughts', thoughts: ['hm'] } },
    { type: 'thinking', text: 'hm' },
  ],
])('%s', (_, options, part) => {
  expect(parsed(options).content).toEqual([part]);
});

test('a picture becomes a stub with its name, and the text beside it stays', () => {
  const message = parsed({
    content: {
      content_type: 'multimodal_text',
      parts: [
        {
          content_type: 'image_asset_pointer',
          asset_pointer: 'file-service://file-abc',
          size_bytes: 99,
          width: 10,
          height: 20,
          metadata: { dalle: { prompt: 'a heron' } },
        },
        'What is this?',
      ],
    },
    metadata: {
      attachments: [
        { id: 'file-abc', name: 'heron.png', mime_type: 'image/png', size: 99 },
        { id: 'file-def', name: 'notes.pdf' },
      ],
    },
  });
  expect(message.content.map(({ extra: _extra, ...part }) => part)).toEqual([
    { type: 'attachment', name: 'heron.png', media_type: 'image/png', size_bytes: 99, text: 'a heron', missing: true },
    { type: 'text', text: 'What is this?' },
    { type: 'attachment', name: 'notes.pdf', missing: true },
  ]);
  expect(message.content[0]).toMatchObject({
    extra: { width: 10, height: 20, asset_pointer: 'file-service://file-abc' },
  });
});

test('the recordings of voice mode become stubs, and what was said stays text', () => {
  const message = parsed({
    content: {
      content_type: 'multimodal_text',
      parts: [
        { content_type: 'audio_transcription', text: 'good morning', direction: 'in', decoding_id: null },
        {
          content_type: 'real_time_user_audio_video_asset_pointer',
          frames_asset_pointers: [{ content_type: 'image_asset_pointer', asset_pointer: 'sediment://file_frame' }],
          video_container_asset_pointer: null,
          audio_asset_pointer: {
            content_type: 'audio_asset_pointer',
            asset_pointer: 'sediment://file_audio',
            format: 'wav',
            size_bytes: 7,
          },
          audio_start_timestamp: 1.5,
        },
      ],
    },
  });
  expect(textOfContent([...message.content])).toBe('good morning\n\nfile_audio\n\nfile_frame');
  expect(message.content[1]).toMatchObject({
    type: 'attachment',
    media_type: 'audio/*',
    size_bytes: 7,
    missing: true,
    bundle: { audio_start_timestamp: 1.5 },
  });
});

test('hidden, system and empty messages are kept and marked', () => {
  const hidden: MessageOptions[] = [
    { role: 'system' },
    { role: 'user', metadata: { is_visually_hidden_from_conversation: true } },
    { role: 'user', content: { content_type: 'user_editable_context', user_profile: 'p' } },
    { role: 'assistant', content: { content_type: 'text', parts: [''] } },
    { role: 'assistant', more: { content: null } },
  ];
  expect(hidden.map((options) => parsed(options, 'x').hidden)).toEqual([true, true, true, true, true]);
  expect(parsed({ role: 'user' }, 'x').hidden).toBe(false);
});

test('custom instructions in the metadata of an empty system message are text', () => {
  const metadata = {
    is_user_system_message: true,
    user_context_message_data: { about_user_message: 'I row', about_model_message: 'Be brief' },
  };
  expect(textOfContent([...parsed({ role: 'system', metadata }, '').content])).toBe('I row\n\nBe brief');
});

test('the model is the message’s own, else the conversation’s', () => {
  expect(parsed({ role: 'assistant', metadata: { model_slug: 'o3' } }, 'x').model).toBe('o3');
  expect(parsed({ role: 'assistant', metadata: undefined }, 'x').model).toBe('gpt-5');
  expect(parsed({ role: 'user', metadata: {} }, 'x').model).toBeNull();
});

test('citations of both kinds and quoted pages are gathered once each', () => {
  const page = { type: 'webpage', title: 'A page', url: 'https://a' };
  const message = parsed(
    {
      role: 'assistant',
      metadata: {
        citations: [{ start_ix: 1, end_ix: 5, citation_format_type: 'tether_og', metadata: page }],
        content_references: [
          {
            type: 'grouped_webpages',
            start_idx: 1,
            end_idx: 5,
            items: [
              { title: 'A page', url: 'https://a' },
              { title: 'B', url: 'https://b' },
            ],
          },
          { type: 'sources_footnote', sources: [{ title: 'C', url: 'https://c' }] },
        ],
      },
    },
    'text',
  );
  expect(message.citations).toEqual([
    { ...page, start_ix: 1, end_ix: 5, citation_format_type: 'tether_og' },
    { type: 'grouped_webpages', title: 'B', url: 'https://b', start_ix: 1, end_ix: 5 },
    { type: 'sources_footnote', title: 'C', url: 'https://c' },
  ]);
});

test('what has no field of ours is kept verbatim, at message, content, metadata and node level', () => {
  const { nodes } = chatgpt.parse({
    id: 'c',
    mapping: {
      n: {
        id: 'n',
        parent: null,
        children: [],
        node_extra: 1,
        message: {
          id: 'other-id',
          author: { role: 'critic', name: 'x', metadata: { real_author: 'tool:web' } },
          content: { content_type: 'text', parts: ['x'], content_extra: 2 },
          weight: 0,
          recipient: 'all',
          metadata: { model_slug: 'm', finish_details: { type: 'stop' }, citations: [] },
        },
      },
    },
  });
  expect(nodes[0]?.message?.extra).toEqual({
    id: 'other-id',
    weight: 0,
    recipient: 'all',
    author: { role: 'critic', metadata: { real_author: 'tool:web' } },
    content: { content_extra: 2 },
    metadata: { finish_details: { type: 'stop' } },
    node: { node_extra: 1 },
  });
});

test('every string among the parts of a message is in its text, whatever stands beside it', () => {
  const odd = [1, true, ['x'], { foo: 'bar' }, { content_type: 'image_asset_pointer' }, null];
  const message = parsed({
    content: { content_type: 'multimodal_text', parts: odd.flatMap((part, index) => [part, `text ${index}`]) },
  });
  const text = textOfContent([...message.content]);
  for (const index of odd.keys()) expect(text).toContain(`text ${index}`);
  expect(partsOf([...message.content])).toContainEqual({ type: 'unknown', raw: { foo: 'bar' } });
});

test('an empty node keeps its place', () => {
  expect(chatgpt.parse(conversation('c', [emptyNode('root', null)])).nodes).toEqual([
    { id: 'root', parent: null, message: null },
  ]);
});
