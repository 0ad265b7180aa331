import type { Command } from 'commander';
import { vaultLocation } from '../../app/vault-location.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printResult } from '../output.ts';
import { session } from '../session.ts';
import { wholeNumber } from './records.ts';

interface ServeFlags extends GlobalOptions {
  readonly port?: number;
}

/** The commands that keep a vault going: rebuild, serve. */
export function addUpkeep(program: Command, context: CliContext): void {
  program
    .command('rebuild')
    .description('builds the indexes anew from the files')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const report = await session.ask(context, flags, 'vault.rebuild', {});
      printResult(context, flags, report, ({ records, quarantined }) => {
        const total = Object.values(records).reduce((sum, number) => sum + number, 0);
        const aside = quarantined === 0 ? '' : ` ${count(quarantined, 'file')} could not be read and was set aside.`;
        return `Indexed ${count(total, 'record')}.${aside}`;
      });
    });

  program
    .command('serve')
    .description('opens the vault in a browser on this machine, until Ctrl-C')
    .option('--port <n>', 'instead of a random one', wholeNumber)
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<ServeFlags>();
      const { serve } = await import('../../web/serve.ts');
      const host = await serve({ vaultPath: vaultLocation(flags.vault), port: flags.port ?? 0 });
      try {
        printResult(context, flags, { url: host.url, port: host.port }, ({ url }) => `Almanac is open at ${url}`);
        await ended(context.signal);
      } finally {
        await host.close();
      }
    });
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
