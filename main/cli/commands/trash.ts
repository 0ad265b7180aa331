import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.ts';
import type { QuarantineEntry, TrashBatch } from '../../../shared/ipc/upkeep.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printable, printAll, printResult } from '../output.ts';
import { session } from '../session.ts';

/** What was deleted, and what could not be read: list it, bring it back. */
export function addTrash(program: Command, context: CliContext): void {
  addTrashCommands(program.command('trash').description('what was deleted in the last 30 days'), context);
  addQuarantineCommands(program.command('quarantine').description('what could not be read and was set aside'), context);
}

function addTrashCommands(trash: Command, context: CliContext): void {
  trash
    .command('list')
    .description('the batches in the trash, newest first')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const batches = await session.read(context, flags, async ({ upkeep }) => (await upkeep()).listTrash());
      printAll(context, flags, batches, batchText);
    });
  trash
    .command('restore <id>')
    .description('brings a batch back')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const result = await session.ask(context, flags, 'trash.restore', { id });
      printResult(context, flags, result, ({ restored }) => `Restored ${count(restored, 'record')}`);
    });
}

function batchText({ id, at, reason, collections, examples }: TrashBatch): string {
  const what = Object.entries(collections).map(([name, number]) => `${number} ${name}`);
  const named = examples.length === 0 ? '' : `\n    ${examples.map(printable).join(' · ')}`;
  return `${id}  ${at}  ${reason}  ${what.join(', ')}${named}`;
}

function addQuarantineCommands(quarantine: Command, context: CliContext): void {
  quarantine
    .command('list')
    .description('what was set aside, oldest first')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const entries = await session.read(context, flags, async ({ upkeep }) => (await upkeep()).quarantine.list());
      printAll(context, flags, entries, entryText);
    });
  quarantine
    .command('restore <id>')
    .description('makes records of it again, where it can be read by now')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const result = await session.ask(context, flags, 'quarantine.restore', { id });
      printResult(context, flags, result, ({ restored }) => `Restored ${count(restored, 'record')}`);
    });
  quarantine
    .command('export <id> <path>')
    .description('writes its bytes to a new file')
    .action(async (id: string, path: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const { bytes } = await session.read(context, flags, async ({ upkeep }) => (await upkeep()).quarantine.read(id));
      writeNew(resolve(path), bytes);
      printResult(context, flags, { path: resolve(path), bytes: bytes.length }, (value) => `Wrote ${value.path}`);
    });
  quarantine
    .command('discard <id>')
    .description('moves it to the trash')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      await session.ask(context, flags, 'quarantine.discard', { id });
      printResult(context, flags, { discarded: id }, () => 'Moved to the trash');
    });
}

function entryText({ id, at, origin, reason, readable }: QuarantineEntry): string {
  return `${id}  ${at}\n    ${printable(origin)}: ${printable(reason)}${readable ? ' (can be read now)' : ''}`;
}

function writeNew(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new AppError('DISK_ERROR', `${path} could not be written.`, {
      remedy: 'Name a file that is not there yet, in a folder that may be written.',
      cause,
    });
  }
}
