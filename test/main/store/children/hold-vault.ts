/** Opens the vault named on the command line and holds it. Says `open` or the code of the error; inserts on each line it is sent; closes at the end of them. */
import { createInterface } from 'node:readline';
import { openVault } from '../../../../main/store/vault.ts';
import { toAppError } from '../../../../shared/errors.ts';

const [root = '', startAtMs = '0'] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

// Several contenders start at the same instant.
while (Date.now() < Number(startAtMs)) await new Promise((resolve) => setImmediate(resolve));
try {
  const vault = await openVault({ root, mode: 'owner' });
  say('open');
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const { insertedId } = await vault.collection('conversations').insertOne({ title: line });
      say(`inserted ${insertedId}`);
    } catch (error) {
      say(toAppError(error).code);
    }
  }
  await vault.close();
} catch (error) {
  say(toAppError(error).code);
}
