import type { Command } from 'commander';
import type { MemoryState, MemoryType } from '../../../shared/collections/memories.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { printable, printAll, printResult } from '../output.ts';
import { session } from '../session.ts';
import { decimal, memoryState, memoryType } from './memory-arguments.ts';
import { hygieneText, memoryLine, memoryText, whyText } from './memory-text.ts';
import { wholeNumber } from './records.ts';

interface ListFlags extends GlobalOptions {
  readonly type?: MemoryType;
  readonly state?: MemoryState;
  readonly subject?: string;
  readonly tenant?: string;
  readonly least?: number;
}
interface RecallFlags extends GlobalOptions {
  readonly budget?: number;
  readonly program?: string;
}

/** The commands that look at what is remembered. */
export function addMemoryReading(memory: Command, context: CliContext): void {
  memory
    .command('list')
    .description('what is believed, best believed first')
    .option('--type <type>', 'only these', memoryType)
    .option('--state <state>', 'proposed, active, dormant, rejected or forgotten ones', memoryState)
    .option('--subject <id>', 'about this one')
    .option('--tenant <id>', 'in this setting')
    .option('--least <n>', 'current confidence at least', decimal)
    .action(async (_options, command: Command) => {
      const { vault, json, ...query } = command.optsWithGlobals<ListFlags>();
      const flags = { ...(vault !== undefined && { vault }), ...(json && { json }) };
      printAll(context, flags, await session.look(context, flags, 'memory.list', query), memoryLine);
    });
  memory
    .command('show <id>')
    .description('one memory, with its evidence')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      printResult(context, flags, await session.look(context, flags, 'memory.show', { id }), memoryText);
    });
  memory
    .command('why <id>')
    .description('why it is believed as much as it is, and what comes next')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      printResult(context, flags, await session.look(context, flags, 'memory.why', { id }), whyText);
    });
  memory
    .command('recall <query...>')
    .description('what fits these words, within a budget of tokens')
    .option('--budget <n>', 'tokens', wholeNumber, 1000)
    .option('--program <name>', 'for a program, as share_with allows it')
    .action(async (words: string[], _options, command: Command) => {
      const flags = command.optsWithGlobals<RecallFlags>();
      const asked = {
        query: words.join(' '),
        ...(flags.budget !== undefined && { budget: flags.budget }),
        ...(flags.program !== undefined && { program: flags.program }),
      };
      const recalled = await session.look(context, flags, 'memory.recall', asked);
      printResult(context, flags, recalled, ({ picks }) =>
        picks.map(({ text, why, id }) => `${printable(text)}  ${printable(id)}\n    ${printable(why)}`).join('\n'),
      );
    });
  memory
    .command('hygiene')
    .description('what could be tidied up')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      printResult(context, flags, await session.look(context, flags, 'memory.hygiene', {}), hygieneText);
    });
}
