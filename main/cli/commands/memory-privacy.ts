import { type Command, InvalidArgumentError } from 'commander';
import type { Input, Output } from '../../../shared/ipc/contract.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printable, printResult } from '../output.ts';
import { session } from '../session.ts';

/** The commands about what may be remembered, and what may leave. */
export function addMemoryPrivacy(memory: Command, context: CliContext): void {
  addConstrain(memory, context);
  addRedaction(memory, context);
  addExport(memory, context);
}

type Constrain = Omit<Input<'memory.constrain'>, 'why'>;
type Whose = Pick<Constrain, 'subject' | 'tenant'>;
interface ConstrainFlags extends GlobalOptions, Whose {
  readonly memory?: boolean;
  readonly patterns?: boolean;
  readonly shareWith?: string[];
  readonly anonymizeDates?: boolean;
  readonly deleteAfterDays?: number | null;
  readonly why?: string;
}

function addConstrain(memory: Command, context: CliContext): void {
  memory
    .command('constrain')
    .description('what may be remembered and given; shows it where nothing is named')
    .option('--memory <on|off>', 'remember and give anything at all', onOff)
    .option('--patterns <on|off>', 'infer patterns', onOff)
    .option('--share-with <names>', 'programs that may be given memories, by comma; none', names)
    .option('--anonymize-dates <on|off>', 'give months in place of days, and nothing to the team', onOff)
    .option('--delete-after-days <n>', 'forget what is older; never', daysOrNever)
    .option('--subject <id>', 'of this one (default: USER:local)')
    .option('--tenant <id>', 'in this setting (default: TENANT:local)')
    .option('--why <text>', 'for the log')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<ConstrainFlags>();
      const asked = {
        ...given('memory_enabled', flags.memory),
        ...given('learn_patterns', flags.patterns),
        ...given('share_with', flags.shareWith),
        ...given('anonymize_dates', flags.anonymizeDates),
        ...given('delete_after_days', flags.deleteAfterDays),
        ...whose(flags),
        ...given('why', flags.why),
      };
      printResult(context, flags, await session.ask(context, flags, 'memory.constrain', asked), (constraints) =>
        Object.entries(constraints)
          .map(([name, value]) => `${printable(name)}: ${printable(JSON.stringify(value))}`)
          .join('\n'),
      );
    });
}

interface RedactionFlags extends GlobalOptions {
  readonly logs?: string[];
  readonly sync?: string[];
  readonly exports?: string[];
  readonly own?: Output<'memory.redaction'>['own'];
}

function addRedaction(memory: Command, context: CliContext): void {
  const rules = 'email, phone, card, token and own ones, by comma; none';
  memory
    .command('redaction')
    .description('personal data that is taken out of copies; shows it where nothing is named')
    .option('--logs <rules>', `out of diagnostics: ${rules}`, names)
    .option('--sync <rules>', `memories that have it stay here: ${rules}`, names)
    .option('--exports <rules>', `out of exports: ${rules}`, names)
    .option('--own <name=pattern>', 'a regular expression of your own; may be given again, replaces all', ownRule)
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<RedactionFlags>();
      const { logs, sync, exports, own } = flags;
      const asked = {
        ...given('logs', logs),
        ...given('sync', sync),
        ...given('exports', exports),
        ...given('own', own),
      };
      printResult(context, flags, await session.ask(context, flags, 'memory.redaction', asked), (choice) =>
        [
          ...(['logs', 'sync', 'exports'] as const).map((place) => `${place}: ${choice[place].join(', ') || 'none'}`),
          ...choice.own.map(({ name, pattern }) => `${name} = ${printable(pattern)}`),
        ].join('\n'),
      );
    });
}

interface ExportFlags extends GlobalOptions, Whose {
  readonly program?: string;
}

function addExport(memory: Command, context: CliContext): void {
  memory
    .command('export')
    .description('what is remembered, as one document of JSON; constraints, scope and redaction hold')
    .option('--program <name>', 'for a program, as share_with allows it')
    .option('--subject <id>', 'of this one (default: USER:local)')
    .option('--tenant <id>', 'in this setting (default: TENANT:local)')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<ExportFlags>();
      const asked = { ...given('program', flags.program), ...whose(flags) };
      const exported = await session.look(context, flags, 'memory.export', asked);
      const kept = Object.entries(exported.withheld).map(([reason, left]) => `${count(left, 'memory')}: ${reason}`);
      if (kept.length > 0 && !flags.json) context.note(`Kept back: ${printable(kept.join('; '))}\n`);
      printResult(context, flags, exported, ({ document }) => JSON.stringify(document, null, 2));
    });
}

function whose({ subject, tenant }: Whose): Whose {
  return { ...given('subject', subject), ...given('tenant', tenant) };
}

/** Absent is absent. */
function given<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: V });
}

/** @throws bad usage */
function onOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new InvalidArgumentError('It must be on or off.');
}

function names(text: string): string[] {
  return text === 'none' ? [] : text.split(',').map((name) => name.trim());
}

/** @throws bad usage */
function daysOrNever(text: string): number | null {
  if (text === 'never') return null;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of days, or never.');
}

/** @throws bad usage */
function ownRule(text: string, before: RedactionFlags['own']): NonNullable<RedactionFlags['own']> {
  const [, name, pattern] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || pattern === undefined)
    throw new InvalidArgumentError('It must be a name, = and a pattern.');
  return [...(before ?? []), { name, pattern }];
}
