/**
 * Opens the vault named on the command line and holds it. Says `open` or the code of the error; inserts on each line it
 * is sent; closes at the end of them. `create`: makes the vault where there is none. `wait`: says `ready` first, and
 * opens at the first line, so that several do so at the same instant.
 */
import { createInterface } from 'node:readline';
import { openVault } from '../../../../main/store/vault.ts';
import { toAppError } from '../../../../shared/errors.ts';

const [root = '', ...how] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

if (how.includes('wait')) {
  say('ready');
  await lines.next();
}
try {
  const vault = await openVault({ root, mode: 'owner', create: how.includes('create') });
  say('open');
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    try {
      const { insertedId } = await vault.collection('conversations').insertOne({ title: line.value });
      say(`inserted ${insertedId}`);
    } catch (error) {
      say(toAppError(error).code);
    }
  }
  await vault.close();
} catch (error) {
  say(toAppError(error).code);
  process.exit(1);
}
