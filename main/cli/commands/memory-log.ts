import type { Command } from 'commander';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printable, printAll, printResult, PrintedFailure } from '../output.ts';
import { session } from '../session.ts';
import { eventText } from './memory-text.ts';
import { wholeNumber } from './records.ts';

/** What happened to the memory, and how it stood on a day. */
export function addMemoryLog(memory: Command, context: CliContext): void {
  const log = memory
    .command('log')
    .description('every change: when, by whom, what and why; newest first')
    .option('--id <id>', 'of this memory, or <collection>/<id>')
    .option('--limit <n>', 'at most so many', wholeNumber, 50)
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions & { readonly id?: string; readonly limit: number }>();
      const asked = { limit: flags.limit, ...(flags.id !== undefined && { id: flags.id }) };
      printAll(context, flags, await session.look(context, flags, 'memory.log', asked), eventText);
    });
  log
    .command('verify')
    .description('checks the log’s chain of hashes; exit code 1 where it is broken')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const verdict = await session.look(context, flags, 'memory.verify', {});
      printResult(context, flags, verdict, ({ ok, events, redacted, first_broken: broken }) => {
        if (ok) return `The log is whole: ${count(events, 'event')}, ${redacted} with their content taken out.`;
        return `The log is broken: ${broken?.path} line ${broken?.line}, event ${broken?.event_sequence ?? 'unknown'}: ${broken?.reason}.`;
      });
      if (!verdict.ok) throw new PrintedFailure();
    });
  memory
    .command('as-of <day> [id]')
    .description('what was remembered at the end of a day, YYYY-MM-DD (UTC)')
    .option('--compare <day>', 'what became different until this day')
    .action(async (day: string, id: string | undefined, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions & { readonly compare?: string }>();
      if (flags.compare !== undefined) {
        const differences = await session.look(context, flags, 'memory.compare', { from: day, to: flags.compare });
        return printAll(
          context,
          flags,
          differences,
          ({ entity_key, kind, fields }) => `${kind}  ${printable(entity_key)}  ${fields.join(', ')}`,
        );
      }
      const asked = { day, ...(id !== undefined && { id }) };
      printAll(context, flags, await session.look(context, flags, 'memory.as_of', asked), ({ entity_key, state }) => {
        const text = state === 'redacted' ? '(redacted)' : state['text'];
        return `${printable(entity_key)}  ${typeof text === 'string' ? printable(text) : JSON.stringify(state)}`;
      });
    });
}
