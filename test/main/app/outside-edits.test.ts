import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createOutside } from '../../../main/app/outside-edits.ts';
import { systemClock } from '../../../main/lib/clock.ts';
import { silentLog } from '../../../main/lib/log.ts';
import { openVault } from '../../../main/store/vault.ts';
import { OutsideEdits } from '../../../shared/ipc/outside.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const patient = { timeout: 30_000, interval: 20 };
const DAY = 'data/conversations/2026/01/05';

async function watched() {
  const vault = await openVault({ root: tempFolder(), mode: 'owner', create: true });
  onTestFinished(() => vault.close());
  await vault.collection('conversations').insertMany(
    Array.from({ length: 30 }, (_, at) => ({
      id: `n${at}`,
      title: `n${at}`,
      created_at: '2026-01-05T12:00:00.000Z',
    })),
  );
  await vault.settleFiles();
  const delays = { quietMs: 30, vanishedMs: 100, keepMs: 10, firstMs: 1 };
  await (await vault.watchFiles({ delays }))?.ready();
  // Last good versions are kept from the first comparison on.
  await vi.waitFor(() => expect(readFileSync(join(vault.root, '_good/conversations/2026-01-05.json'), 'utf8')).toContain('n29'), patient); // prettier-ignore
  const told: OutsideEdits[] = [];
  const outside = createOutside({ vault, clock: systemClock, log: silentLog, onChange: (edits) => told.push(edits) });
  onTestFinished(() => outside.stop());
  expect(await outside.handlers['outside.status']({})).toEqual({ missing: 0, examples: [], notices: [] });
  return { vault, told, handlers: outside.handlers };
}

test('files that vanish together wait for the person, who gets them back', async () => {
  const { vault, told, handlers } = await watched();
  rmSync(join(vault.root, DAY), { recursive: true });
  await vi.waitFor(async () => expect(await handlers['outside.status']({})).toMatchObject({ missing: 30, examples: { length: 3 } }), patient); // prettier-ignore
  expect(await handlers['outside.restore_missing']({})).toEqual({ restored: 30, lost: 0 });
  const status = OutsideEdits.parse(await handlers['outside.status']({}));
  expect(status).toMatchObject({ missing: 0, notices: { length: 30 } });
  expect(status.notices[0]).toMatchObject({ id: 30, kind: 'restored' });
  expect(told.at(-1)).toEqual(status);
});

test('or they are deleted, into the trash', async () => {
  const { vault, handlers } = await watched();
  rmSync(join(vault.root, DAY), { recursive: true });
  await vi.waitFor(async () => expect(await handlers['outside.status']({})).toMatchObject({ missing: 30 }), patient);
  expect(await handlers['outside.delete_missing']({})).toEqual({ deleted: 30 });
  expect((await vault.counts()).conversations).toBe(0);
  expect(await handlers['outside.status']({})).toMatchObject({ missing: 0, notices: { length: 30 } });
});

test('an edit is told of, with the file it was made in', async () => {
  const { vault, told } = await watched();
  mkdirSync(join(vault.root, DAY), { recursive: true });
  writeFileSync(join(vault.root, DAY, 'n3.json'), '{"title": "by hand"}');
  await vi.waitFor(() => expect(told.at(-1)?.notices).toMatchObject([{ kind: 'taken', file: `${DAY}/n3.json` }]), patient); // prettier-ignore
});
