import type { Command } from 'commander';
import type { CliContext, GlobalOptions } from '../context.ts';
import { objectArgument, objectsArgument } from '../json-argument.ts';
import { count, printResult } from '../output.ts';
import { session } from '../session.ts';
import { collectionNamed } from './records.ts';

interface WriteFlags extends GlobalOptions {
  readonly upsert?: true;
  readonly many?: true;
}

/** The commands that change records: insert, update, delete. They print MongoDB's result objects. */
export function addWriting(program: Command, context: CliContext): void {
  program
    .command('insert <collection> <doc>')
    .description('adds a record, or an array of records: all of them or none')
    .action(async (name: string, doc: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const collection = collectionNamed(name);
      const draft = await objectsArgument(context, 'DOC', doc);
      const result = await session.ask(context, flags, 'records.insert', { collection, draft }, { missing: 'create' });
      printResult(context, flags, result, (value) =>
        'insertedId' in value ? `Inserted ${value.insertedId}` : `Inserted ${count(value.insertedCount, 'record')}`,
      );
    });

  program
    .command('update <collection> <filter> <update>')
    .description('changes the first record that matches, with MongoDB’s update operators')
    .option('--upsert', 'insert a record where none matches')
    .option('--many', 'change all that match')
    .action(async (name: string, filter: string, update: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<WriteFlags>();
      const collection = collectionNamed(name);
      const result = await session.ask(context, flags, 'records.update', {
        collection,
        filter: await objectArgument(context, 'FILTER', filter),
        update: await objectArgument(context, 'UPDATE', update),
        upsert: flags.upsert ?? false,
        many: flags.many ?? false,
      });
      printResult(context, flags, result, ({ matchedCount, modifiedCount, upsertedId }) =>
        upsertedId === null ? `Matched ${matchedCount}, changed ${modifiedCount}` : `Inserted ${upsertedId}`,
      );
    });

  program
    .command('delete <collection> <filter>')
    .description('moves the first record that matches to the trash')
    .option('--many', 'all that match')
    .action(async (name: string, filter: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<WriteFlags>();
      const collection = collectionNamed(name);
      const wanted = await objectArgument(context, 'FILTER', filter);
      const asked = { collection, filter: wanted, many: flags.many ?? false };
      const result = await session.ask(context, flags, 'records.delete', asked);
      printResult(context, flags, result, ({ deletedCount }) => `Deleted ${count(deletedCount, 'record')}`);
    });
}
