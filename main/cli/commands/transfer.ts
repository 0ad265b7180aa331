import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { AppError } from '../../../shared/errors.ts';
import type { Receipt } from '../../../shared/ipc/models.ts';
import { openTransfer } from '../../app/open-parts.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { objectArgument } from '../json-argument.ts';
import { count, printable, printResult } from '../output.ts';
import { jobOptions } from '../progress.ts';
import { session } from '../session.ts';

interface ImportFlags extends GlobalOptions {
  readonly dryRun?: true;
  readonly undo?: string;
}
interface ExportFlags extends GlobalOptions {
  readonly format: 'markdown' | 'json';
  readonly filter?: string;
}
type Archive = { readonly path: string; readonly name: string };

/** The commands that bring conversations in and out: import, export. */
export function addTransfer(program: Command, context: CliContext): void {
  program
    .command('import [path]')
    .description('imports a ChatGPT or Claude export: its ZIP, a folder, or a JSON file')
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--undo <id>', 'take an import back')
    .action(async (path: string | undefined, _options, command: Command) => {
      const flags = command.optsWithGlobals<ImportFlags>();
      if (flags.undo !== undefined) {
        if (path !== undefined || flags.dryRun) command.error('error: --undo goes alone, without PATH and --dry-run');
        return undo(context, flags, flags.undo);
      }
      if (path === undefined) return command.error("error: missing required argument 'path'");
      const archive = { path: resolve(path), name: basename(resolve(path)) };
      return flags.dryRun ? dryRun(context, flags, archive) : run(context, flags, archive);
    });

  program
    .command('export <path>')
    .description('writes conversations out: a folder of Markdown files, or one JSON file')
    .addOption(new Option('--format <format>', 'what to write').choices(['markdown', 'json']).makeOptionMandatory())
    .option('--filter <json>', 'only conversations that match, for example {"tags":"work"}')
    .action(async (path: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<ExportFlags>();
      const filter = await objectArgument(context, '--filter', flags.filter ?? '{}');
      const report = await withProgress(context, (job) =>
        session.read(context, flags, ({ exportTo }) => exportTo(resolve(path), flags.format, filter, job)),
      );
      printResult(context, flags, report, ({ conversations, messages, path: written }) =>
        `Wrote ${count(conversations, 'conversation')} with ${count(messages, 'message')} to ${written}`); // prettier-ignore
    });
}

async function run(context: CliContext, flags: ImportFlags, archive: Archive): Promise<void> {
  const receipt = await withProgress(context, (job) =>
    session.ask(context, flags, 'import.run', { archive }, { ...job, missing: 'create' }),
  );
  printResult(context, flags, receipt, receiptText);
}

async function dryRun(context: CliContext, flags: ImportFlags, archive: Archive): Promise<void> {
  const { plan, rows } = await withProgress(context, async (job) => {
    try {
      return await session.read(context, flags, async ({ transfer }) => (await transfer()).preview(archive, job));
    } catch (error) {
      // A dry run makes no vault: against none, everything is new.
      if (!(error instanceof AppError) || error.code !== 'VAULT_MISSING') throw error;
      return (await openTransfer(null, context.clock)).preview(archive, job);
    }
  });
  const report = { id: null, dry_run: true, ...plan, rows };
  printResult(context, flags, report, () => {
    const lines = rows.map(({ action, title, messages, note }) =>
      `${action.padEnd(7)}${printable(title) || '(untitled)'}  ${count(messages, 'message')}${note && `  ${note}`}`); // prettier-ignore
    return [...lines, `Nothing was written. ${countsText(plan)}`].join('\n');
  });
}

async function undo(context: CliContext, flags: ImportFlags, id: string): Promise<void> {
  const undone = await withProgress(context, (job) => session.ask(context, flags, 'import.undo', { id }, job));
  printResult(context, flags, undone, ({ removed_conversations, removed_messages, reverted_conversations, kept }) =>
    [
      `Removed ${count(removed_conversations, 'conversation')} and ${count(removed_messages, 'message')}.`,
      reverted_conversations > 0 ? `Gave ${count(reverted_conversations, 'conversation')} the earlier state.` : '',
      ...kept.map(({ source_id, reason }) => `Kept ${printable(source_id)}: ${reason}`),
    ]
      .filter(Boolean)
      .join('\n'),
  );
}

async function withProgress<T>(
  context: CliContext,
  work: (job: ReturnType<typeof jobOptions>) => Promise<T>,
): Promise<T> {
  const job = jobOptions(context);
  try {
    return await work(job);
  } finally {
    job.done();
  }
}

type Counts = Pick<Receipt, 'app' | 'seen' | 'created' | 'updated' | 'skipped' | 'failed' | 'memories' | 'left_out'>;

function countsText({ app, seen, created, updated, skipped, failed, memories, left_out: left = [] }: Counts): string {
  const counts = `${created} created, ${updated} updated, ${skipped} unchanged, ${failed.length} failed`;
  const remembered = memories ? memories.created + memories.updated + memories.skipped : 0;
  const lines = [
    seen > 0 || remembered === 0 ? `${count(seen, 'conversation')} from ${app}: ${counts}.` : '',
    memories && remembered > 0
      ? `${count(remembered, 'memory', 'memories')} from ${app}: ${memories.created} created, ${memories.updated} updated, ${memories.skipped} skipped.`
      : '',
    ...left.map(({ file, reason }) => `Not taken over: ${printable(file)}: ${printable(reason)}`),
  ];
  return lines.filter(Boolean).join('\n');
}

function receiptText(receipt: Receipt): string {
  const failures = receipt.failed.map(({ source_id, reason }) => `Failed ${printable(source_id)}: ${reason}`);
  return [...failures, countsText(receipt), `Take it back with: almanac import --undo ${receipt.id}`].join('\n');
}
