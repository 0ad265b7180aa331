import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeFs } from '../../../main/store/node-fs.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

test('files that are replaced one after another do not each begin and end to listen to every signal', () => {
  const root = tempFolder();
  nodeFs.replaceFile(join(root, 'first.json'), Buffer.from('x'), true);
  let changes = 0;
  const count = (event: string | symbol): void => {
    if (String(event).startsWith('SIG')) changes += 1;
  };
  process.on('newListener', count).on('removeListener', count);
  onTestFinished(() => void process.off('newListener', count).off('removeListener', count));
  for (let at = 0; at < 10; at += 1) nodeFs.replaceFile(join(root, `${at}.json`), Buffer.from('x'), true);
  expect(changes).toBe(0);
});
