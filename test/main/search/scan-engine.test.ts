import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ScanEngine } from '../../../main/search/scan-engine.ts';
import { parseQuery } from '../../../main/search/query.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

test('a file that is listed with another signature is read as records again', async () => {
  const root = tempFolder();
  const engine = new ScanEngine(root);
  const idsWith = async (content: string, signature: string, query: string): Promise<string[]> => {
    writeFileSync(join(root, 'm.ndjson'), `${JSON.stringify({ id: 'a', content })}\n`);
    const file = { collection: 'messages', path: 'm.ndjson', bytes: 0, records: 1, signature } as const;
    engine.list({ generation: 1, collections: ['messages'], files: [file], isLast: true });
    const wanted = { query: parseQuery(query), limit: 9, collections: null, nowMs: 0 };
    return (await engine.find(wanted, async () => undefined)).map(({ id }) => id);
  };
  expect(await idsWith('in Köln', '1', 'paris')).toEqual([]);
  expect(await idsWith('in Köln', '1', 'koln')).toEqual(['a']);
  // Until it is listed anew, the words in other letters are those that it had.
  expect(await idsWith('in Málaga', '1', 'malaga')).toEqual([]);
  expect(await idsWith('in Málaga', '2', 'malaga')).toEqual(['a']);
});
