import { expect, onTestFinished, test } from 'vitest';
import { workerFiles } from '../../../main/app/worker-files.ts';
import { silentLog } from '../../../main/lib/log.ts';
import { createSearch } from '../../../main/search/search.ts';
import { conversation, emptyNode, node, type ChatgptNode } from '../../fixtures/exports/chatgpt.ts';
import { claudeConversation, claudeMessage } from '../../fixtures/exports/claude.ts';
import { testVault } from './test-vault.ts';

/** Every kind of content that carries text, each with a word of its own. */
const chatgptContents: Readonly<Record<string, object>> = {
  heron: { content: { content_type: 'text', parts: ['a heron stands'] } },
  bittern: { role: 'assistant', content: { content_type: 'code', language: 'python', text: 'print("bittern")' } },
  egret: { role: 'tool', name: 'python', content: { content_type: 'execution_output', text: 'egret 42' } },
  curlew: {
    role: 'assistant',
    content: { content_type: 'thoughts', thoughts: [{ summary: 'Birds', content: 'a curlew?' }] },
  },
  dunlin: { role: 'assistant', content: { content_type: 'reasoning_recap', content: 'dunlin for 3s' } },
  plover: { role: 'tool', content: { content_type: 'tether_quote', url: 'https://x', title: 'T', text: 'the plover' } },
  godwit: { role: 'tool', content: { content_type: 'tether_browsing_display', result: 'godwit page', summary: null } },
  whimbrel: { role: 'tool', content: { content_type: 'sonic_webpage', url: 'https://y', text: 'whimbrel text' } },
  snipe: { role: 'tool', content: { content_type: 'system_error', name: 'E', text: 'snipe failed' } },
  avocet: {
    content: {
      content_type: 'multimodal_text',
      parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'sediment://f1' }, 'an avocet'],
    },
  },
  lapwing: {
    content: {
      content_type: 'multimodal_text',
      parts: [{ content_type: 'audio_transcription', text: 'lapwing spoken' }],
    },
  },
  redshank: {
    role: 'assistant',
    content: { content_type: 'text', parts: ['{"title":"redshank"}'] },
    more: { recipient: 'canmore.create_textdoc' },
  },
  knot: { content: { content_type: 'invented_later', body: { deep: ['a knot'] } } },
};

const claudeContents: Readonly<Record<string, Record<string, unknown>>> = {
  warbler: { content: [{ type: 'text', text: 'a warbler' }] },
  siskin: { content: [{ type: 'thinking', thinking: 'siskin?' }] },
  linnet: { content: [{ type: 'tool_use', name: 'search', input: { query: 'linnet' } }] },
  dipper: { content: [{ type: 'tool_result', name: 'search', content: [{ type: 'text', text: 'dipper found' }] }] },
  wagtail: { content: [], attachments: [{ file_name: 'a.txt', extracted_content: 'wagtail inside' }] },
  pipit: { content: [null], text: 'only pipit in text' },
};

test('the text of every message on the chosen branch is found, of whatever kind it is', async () => {
  const { vault, importFiles, clock } = await testVault();
  const nodes: ChatgptNode[] = [emptyNode('root', null)];
  for (const [word, options] of Object.entries(chatgptContents)) {
    nodes.push(node(word, String(nodes.at(-1)?.['id']), null, { ...options, time: 1_700_000_000 + nodes.length }));
  }
  await importFiles({ 'conversations.json': [conversation('birds', nodes)] });
  const messages = Object.entries(claudeContents).map(([word, more]) => claudeMessage(word, 'assistant', '', more));
  await importFiles({ 'conversations.json': [claudeConversation('songbirds', messages)] });

  const workerUrl = workerFiles.search;
  const search = createSearch({ vault, workerUrl, clock, log: silentLog });
  onTestFinished(() => search.close());
  await search.settled();
  const missing: string[] = [];
  for (const word of [...Object.keys(chatgptContents), ...Object.keys(claudeContents)]) {
    const expected = word in chatgptContents ? 'birds' : 'songbirds';
    const { hits } = await search.query(word, { limit: 10 });
    if (!hits.some((hit) => hit.conversation_id === expected)) missing.push(word);
  }
  expect(missing).toEqual([]);
});
