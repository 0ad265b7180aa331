import type { Command } from 'commander';
import type { MemoryType } from '../../../shared/collections/memories.ts';
import type { RecordScope } from '../../../shared/collections/scope.ts';
import { AppError } from '../../../shared/errors.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printable, printAll, printResult } from '../output.ts';
import { session } from '../session.ts';
import { decimal, each, memoryType, recordScope } from './memory-arguments.ts';
import { forgottenText, memoryLine } from './memory-text.ts';

interface WhyFlag extends GlobalOptions {
  readonly why?: string;
}
interface AddFlags extends WhyFlag {
  readonly type: MemoryType;
  readonly confidence?: number;
  readonly evidence?: string[];
  readonly subject?: string;
  readonly tenant?: string;
  readonly domain?: string;
  readonly scope?: RecordScope;
  readonly anyway?: true;
}
interface EditFlags extends WhyFlag {
  readonly text?: string;
  readonly type?: MemoryType;
  readonly confidence?: number;
  readonly domain?: string;
  readonly scope?: RecordScope;
  readonly pin?: boolean;
}

/** The commands that change what is remembered. */
export function addMemoryChanges(memory: Command, context: CliContext): void {
  addAdding(memory, context);
  addEditing(memory, context);
  addOneByOne(memory, context);
  addProposals(memory, context);
}

function addAdding(memory: Command, context: CliContext): void {
  memory
    .command('add <text>')
    .description('remembers this')
    .requiredOption(
      '--type <type>',
      'USER_FACT, USER_PATTERN or SHARED_NARRATIVE (fact, pattern, narrative)',
      memoryType,
    )
    .option('--confidence <n>', 'how sure it is, to 1; at least 0.80, 0.75, 0.60 by type', decimal)
    .option('--evidence <message-id>', 'the message that says it; may be given again', each)
    .option('--subject <id>', 'whom it is about (default: USER:local)')
    .option('--tenant <id>', 'in which setting (default: TENANT:local)')
    .option('--domain <name>', 'what it is about')
    .option('--scope <scope>', 'private, device or team', recordScope)
    .option('--anyway', 'although the like is known, or was forgotten')
    .option('--why <text>', 'for the log')
    .action(async (text: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<AddFlags>();
      const { vault: _vault, json: _json, ...fields } = flags;
      const { memory: added, contradicts } = await session.ask(
        context,
        flags,
        'memory.add',
        { text, ...fields },
        { missing: 'create' },
      );
      if (contradicts.length > 0 && !flags.json)
        context.note(`It contradicts ${contradicts.map(({ id }) => printable(id)).join(', ')}.\n`);
      printResult(context, flags, added, memoryLine);
    });
}

function addEditing(memory: Command, context: CliContext): void {
  memory
    .command('edit <id>')
    .description('changes it')
    .option('--text <text>', 'what it says')
    .option('--type <type>', 'USER_FACT, USER_PATTERN or SHARED_NARRATIVE', memoryType)
    .option('--confidence <n>', 'its base, 0.60 to 1', decimal)
    .option('--domain <name>', 'what it is about; empty: nothing')
    .option('--scope <scope>', 'private, device or team', recordScope)
    .option('--pin', 'it never fades')
    .option('--no-pin', 'it fades again')
    .option('--why <text>', 'for the log')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<EditFlags>();
      const { vault: _vault, json: _json, pin, domain, ...fields } = flags;
      const edit = {
        ...fields,
        ...(pin !== undefined && { pinned: pin }),
        ...(domain !== undefined && { domain: domain === '' ? null : domain }),
      };
      if (Object.keys(edit).every((field) => field === 'why')) throw nothingToEdit();
      printResult(context, flags, await session.ask(context, flags, 'memory.edit', { id, ...edit }), memoryLine);
    });
  memory
    .command('merge <ids...>')
    .description('makes one of several; the first keeps its text')
    .option('--why <text>', 'for the log')
    .action(async (ids: string[], _options, command: Command) => {
      const flags = command.optsWithGlobals<WhyFlag>();
      printResult(
        context,
        flags,
        await session.ask(context, flags, 'memory.merge', { ids, ...reason(flags) }),
        memoryLine,
      );
    });
}

interface SayingFlags extends WhyFlag {
  readonly evidence?: string[];
}

function addOneByOne(memory: Command, context: CliContext): void {
  const said = [
    ['confirm', 'it is so'],
    ['contradict', 'it is not so, or not any more'],
  ] as const;
  for (const [act, description] of said) {
    memory
      .command(`${act} <id>`)
      .description(description)
      .option('--evidence <message-id>', 'the message that says so; may be given again', each)
      .option('--why <text>', 'for the log')
      .action(async (id: string, _options, command: Command) => {
        const flags = command.optsWithGlobals<SayingFlags>();
        const evidence = flags.evidence === undefined ? {} : { evidence: flags.evidence };
        const asked = { id, ...reason(flags), ...evidence };
        printResult(context, flags, await session.ask(context, flags, `memory.${act}`, asked), memoryLine);
      });
  }
  memory
    .command('forget <id>')
    .description('takes its words out, also of the log, and does not learn it again by itself')
    .option('--why <text>', 'for the log')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<WhyFlag>();
      const result = await session.ask(context, flags, 'memory.forget', { id, ...reason(flags) });
      printResult(context, flags, result, forgottenText);
    });
  memory
    .command('restore <id>')
    .description('wakes a dormant one, takes up one that was turned down, or makes it again what it was on a day')
    .option('--as-of <day>', 'YYYY-MM-DD')
    .option('--why <text>', 'for the log')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<WhyFlag & { readonly asOf?: string }>();
      const day = flags.asOf === undefined ? {} : { day: flags.asOf };
      printResult(
        context,
        flags,
        await session.ask(context, flags, 'memory.restore', { id, ...reason(flags), ...day }),
        memoryLine,
      );
    });
  memory
    .command('decay')
    .description('what the daily job does: faded ones go dormant, what is past its keeping is forgotten')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const report = await session.ask(context, flags, 'memory.decay', {});
      printResult(
        context,
        flags,
        report,
        ({ looked_at, dormant, woken, deleted, observed }) =>
          `Looked at ${looked_at}: ${dormant.length} went dormant, ${woken.length} woke, ${deleted.length} forgotten, ${count(observed, 'change')} of others noted`,
      );
    });
}

function addProposals(memory: Command, context: CliContext): void {
  memory
    .command('extract')
    .description('looks for what could be remembered in your own messages; it only proposes')
    .option('--conversation <id>', 'in this one alone')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions & { readonly conversation?: string }>();
      const asked = flags.conversation === undefined ? {} : { conversation_id: flags.conversation };
      const { proposed } = await session.ask(context, flags, 'memory.extract', asked);
      printAll(context, flags, proposed, memoryLine);
    });
  for (const act of ['accept', 'reject'] as const) {
    memory
      .command(`${act} <id>`)
      .description(act === 'accept' ? 'remembers what was proposed' : 'turns a proposal down; it is not made again')
      .option('--why <text>', 'for the log')
      .action(async (id: string, _options, command: Command) => {
        const flags = command.optsWithGlobals<WhyFlag>();
        printResult(
          context,
          flags,
          await session.ask(context, flags, `memory.${act}`, { id, ...reason(flags) }),
          memoryLine,
        );
      });
  }
}

function reason({ why }: WhyFlag): { why?: string } {
  return why === undefined ? {} : { why };
}

function nothingToEdit(): AppError {
  return new AppError('BAD_INPUT', 'The edit says nothing to change.', {
    remedy: 'Give --text, --type, --confidence, --domain, --scope, --pin or --no-pin.',
    details: { argument: 'edit' },
  });
}
