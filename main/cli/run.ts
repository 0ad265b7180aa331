import { Command, CommanderError } from 'commander';
import { AppError, toAppError } from '../../shared/errors.ts';
import { addDoctor } from './commands/doctor.ts';
import { addReading } from './commands/records.ts';
import { addMemory } from './commands/memory.ts';
import { addSearch } from './commands/search.ts';
import { addStatus } from './commands/status.ts';
import { addTeam } from './commands/team.ts';
import { addTransfer } from './commands/transfer.ts';
import { addTrash } from './commands/trash.ts';
import { addUpkeep } from './commands/upkeep.ts';
import { addWriting } from './commands/writing.ts';
import type { CliContext } from './context.ts';
import { printError, PrintedFailure } from './output.ts';

/** Done, failed, or asked wrongly. */
export type ExitCode = 0 | 1 | 2;

/** Runs one command line (without `node` and the script). Never throws. */
export async function run(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const asksJson = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json');
  const printing = asksJson ? ({ json: true } as const) : {};
  try {
    await createProgram(context, asksJson).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof PrintedFailure) return 1;
    if (error instanceof CommanderError) return usageExit(error, context, asksJson);
    const known = toAppError(error);
    printError(context, printing, known);
    // An argument that is no JSON is asked wrongly; what the store refuses has failed.
    return known.code === 'BAD_INPUT' && 'argument' in known.details ? 2 : 1;
  }
}

function createProgram(context: CliContext, asksJson: boolean): Command {
  const program = new Command('almanac')
    .description('A vault for what an assistant and its user have said and learnt.')
    .option('--vault <dir>', 'the vault (default: ALMANAC_VAULT, else this person’s own)')
    .option('--json', 'print exactly one JSON value')
    .showHelpAfterError('Run almanac --help for what there is.')
    .exitOverride()
    .configureOutput({
      writeOut: context.out,
      // With --json the error goes to standard output as data, below.
      writeErr: asksJson ? () => undefined : context.note,
    });
  for (const add of [
    addStatus,
    addTransfer,
    addReading,
    addWriting,
    addSearch,
    addUpkeep,
    addDoctor,
    addTrash,
    addMemory,
    addTeam,
  ])
    add(program, context);
  return program;
}

function usageExit(error: CommanderError, context: CliContext, asksJson: boolean): ExitCode {
  // Help and the like that was asked for is no error.
  if (error.exitCode === 0) return 0;
  const message = error.message.replace(/^error: /, '').replace(/^\(outputHelp\)$/, 'No command was given');
  const remedy = 'Run almanac --help for what there is.';
  if (asksJson) printError(context, { json: true }, new AppError('BAD_INPUT', message, { remedy }));
  return 2;
}
