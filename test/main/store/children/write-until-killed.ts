/** Opens the vault named on the command line and writes to it, each acknowledged write a line on standard output. Meant to be killed. */
import { openVault } from '../../../../main/store/vault.ts';

const [root = '', cycle = '0'] = process.argv.slice(2);
const vault = await openVault({
  root,
  mode: 'owner',
  tuning: { idleMs: 5, checkpointRecords: 20, segmentBytes: 16_384 },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const created_at = '2026-01-01T00:00:00.000Z';
say('open');
for (let at = 1; ; at += 1) {
  const id = `${cycle}-${at}`;
  const one = vault
    .collection('conversations')
    .insertOne({ id, title: 'x'.repeat(at % 500), created_at })
    .then(() => say(`c ${id}`));
  const two = vault
    .collection('messages')
    .insertMany(
      [1, 2].map((part) => ({
        id: `${id}-${part}`,
        conversation_id: 'all',
        role: 'user' as const,
        content: 'x',
        created_at,
      })),
    )
    .then(() => say(`m ${id}`));
  await Promise.all([one, two]);
}
