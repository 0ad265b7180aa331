import { expect, test } from 'vitest';
import { type Extractor, type ReadMessage, runExtractor } from '../../main/memory/extract/extractor.ts';

export const message = (id: string, text: string, role = 'user'): ReadMessage => ({
  id,
  conversation_id: `c-${id}`,
  role,
  text,
  created_at: '2026-02-21T09:00:00.000Z',
});

/** What everything does that finds what could be remembered. The extractor has to find where somebody lives. */
export function extractorContract(name: string, extractor: Extractor): void {
  const it = (title: string, body: () => Promise<void>): void => test(`${name}: ${title}`, body);

  it('it proposes what the person says, with the sentence, its place and its message', async () => {
    const text = 'Thanks. I live in Oslo. What can I cook?';
    const { proposals, refused } = await runExtractor(extractor, [message('m1', text)]);
    expect(proposals).toMatchObject([
      { type: 'USER_FACT', evidence: [{ message_id: 'm1', conversation_id: 'c-m1', quote: 'I live in Oslo.' }] },
    ]);
    const [proposal] = proposals;
    expect(proposal?.text).toMatch(/Oslo/);
    expect(proposal?.rule).not.toBe('');
    expect(text.slice(...(proposal?.evidence[0]?.range ?? []))).toBe('I live in Oslo.');
    expect(refused).toEqual({});
  });

  it('nothing comes of others’ messages, of code, of quotations, or of nothing', async () => {
    const messages = [
      message('a', 'I live in Oslo.', 'assistant'),
      message('b', '> I live in Oslo.\n```\nI live in Oslo.\n```'),
      message('c', 'Thanks!'),
    ];
    expect((await runExtractor(extractor, messages)).proposals).toEqual([]);
    expect(await runExtractor(extractor, [])).toEqual({ proposals: [], refused: {} });
  });

  it('who has changed their mind waits no longer', async () => {
    const gone = AbortSignal.abort();
    await expect(runExtractor(extractor, [message('m', 'I live in Oslo.')], { signal: gone })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
}
