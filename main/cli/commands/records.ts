import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '../../../shared/errors.ts';
import {
  collectionNames,
  isCollectionName,
  isInternal,
  type CollectionName,
} from '../../../shared/collections/registry.ts';
import type { FindOptions, Projection, SortSpec } from '../../../shared/store/store.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { objectArgument } from '../json-argument.ts';
import { printAll, printResult } from '../output.ts';
import { session } from '../session.ts';

interface FindFlags extends GlobalOptions {
  readonly sort?: string;
  readonly limit?: number;
  readonly skip?: number;
  readonly project?: string;
  readonly explain?: boolean;
}

/** The commands that read records: find, get, count. */
export function addReading(program: Command, context: CliContext): void {
  program
    .command('find <collection> [filter]')
    .description('records that match a MongoDB filter, one JSON object a line')
    .option('--sort <json>', 'for example {"updated_at":-1}')
    .option('--limit <n>', 'at most so many', wholeNumber)
    .option('--skip <n>', 'leave out so many first', wholeNumber)
    .option('--project <json>', 'only these fields, for example {"title":1}')
    .option('--explain', 'say which index would answer, instead of answering')
    .action(async (name: string, filter: string | undefined, _options, command: Command) => {
      const flags = command.optsWithGlobals<FindFlags>();
      const collection = collectionNamed(name);
      const wanted = await objectArgument(context, 'FILTER', filter ?? '{}');
      const options = await findOptions(context, flags);
      if (flags.explain) {
        const plan = await session.read(context, flags, ({ vault }) =>
          vault.collection(collection).explain(wanted, options),
        );
        return printResult(context, flags, plan, (value) => JSON.stringify(value, null, 2));
      }
      const records = await session.read(context, flags, ({ vault }) =>
        vault.collection(collection).find(wanted, options),
      );
      printAll(context, flags, records, (record) => JSON.stringify(record));
    });

  program
    .command('get <collection> <id>')
    .description('one record')
    .action(async (name: string, id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const collection = collectionNamed(name);
      const record = await session.read(context, flags, ({ vault }) => vault.collection(collection).findOne({ id }));
      if (!record) throw noRecord(collection, id);
      printResult(context, flags, record, (value) => JSON.stringify(value, null, 2));
    });

  program
    .command('count <collection> [filter]')
    .description('how many records match')
    .action(async (name: string, filter: string | undefined, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const collection = collectionNamed(name);
      const wanted = await objectArgument(context, 'FILTER', filter ?? '{}');
      const number = await session.read(context, flags, ({ vault }) => vault.collection(collection).count(wanted));
      printResult(context, flags, number, String);
    });
}

export function collectionNamed(name: string): CollectionName {
  if (isCollectionName(name)) return name;
  throw new AppError('UNKNOWN_COLLECTION', `There is no collection named ${JSON.stringify(name)}.`, {
    remedy: `Use one of: ${collectionNames.filter((known) => !isInternal(known)).join(', ')}.`,
    details: { collection: name },
  });
}

/** @throws bad usage unless the text is a whole number from 0 */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('It must be a whole number from 0.');
}

async function findOptions(context: CliContext, flags: FindFlags): Promise<FindOptions> {
  const sort = flags.sort === undefined ? undefined : await objectArgument(context, '--sort', flags.sort);
  const projection =
    flags.project === undefined ? undefined : await objectArgument(context, '--project', flags.project);
  return {
    // The store checks the values, as it does for every caller.
    ...(sort === undefined ? {} : { sort: sort as SortSpec }),
    ...(projection === undefined ? {} : { projection: projection as Projection }),
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
    ...(flags.skip === undefined ? {} : { skip: flags.skip }),
  };
}

function noRecord(collection: CollectionName, id: string): AppError {
  return new AppError('NOT_FOUND', `${collection} has no record with the id ${JSON.stringify(id)}.`, {
    remedy: `List what there is with: almanac find ${collection} --project '{"id":1}'.`,
    details: { collection, id },
  });
}
