import type { Command } from 'commander';
import { isCollectionName, isInternal } from '../../../shared/collections/registry.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printResult } from '../output.ts';
import { session } from '../session.ts';

export function addStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('what the vault holds and who has it open')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const status = await session.read(context, options, async ({ vault, searchCoverage, team }) => {
        const { indexed, total } = await searchCoverage();
        const counts = Object.entries(await vault.counts());
        return {
          vault: vault.root,
          format: vault.format,
          collections: Object.fromEntries(counts.map(([name, number]) => [name, { count: number }])),
          search: { indexed, total },
          owner: vault.owner(),
          mode: (await team()).mode(),
          quarantined: vault.quarantine().length,
        };
      });
      printResult(context, options, status, statusText);
    });
}

interface Status {
  readonly vault: string;
  readonly collections: Readonly<Record<string, { count: number }>>;
  readonly search: { readonly indexed: number; readonly total: number };
  readonly owner: { readonly pid: number; readonly host: string; readonly since: string } | null;
  readonly quarantined: number;
}

function statusText({ vault, collections, search, owner, quarantined }: Status): string {
  const shown = Object.entries(collections).filter(([name]) => !isCollectionName(name) || !isInternal(name));
  const lines = shown.map(([name, entry]) => `  ${name.padEnd(18)}${count(entry.count, 'record')}`);
  const isCovered = search.indexed === search.total;
  lines.unshift(`Vault   ${vault}`);
  lines.push(`Search  ${isCovered ? 'covers everything' : `covers ${search.indexed} of ${search.total} records`}`);
  lines.push(owner ? `Open    in process ${owner.pid} on ${owner.host} since ${owner.since}` : 'Open    nowhere');
  if (quarantined > 0) lines.push(`Set aside as unreadable: ${count(quarantined, 'file')}`);
  return lines.join('\n');
}
