import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.ts';
import type { BackfillReport, Certificate, ConflictView, SyncReport, TeamStatus } from '../../../shared/ipc/team.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printable, printAll, PrintedFailure, printResult } from '../output.ts';
import { shardPlan } from '../../../shared/collections/shard-plan.ts';
import { jobOptions } from '../progress.ts';
import { session } from '../session.ts';

/** The team's database: where it is, reconciling with it, and what a merge set aside. */
export function addTeam(program: Command, context: CliContext): void {
  addRemote(program.command('remote').description('where the team’s MongoDB is'), context);
  addSync(program.command('sync').description('reconciles with the team’s MongoDB'), context);
  addConflicts(program.command('conflicts').description('edits that a merge could not both show'), context);
}

interface RemoteFlags extends GlobalOptions {
  readonly db?: string;
  readonly url?: string;
}

function addRemote(remote: Command, context: CliContext): void {
  remote
    .command('init')
    .description('makes collections, indexes and views there; wants an administrator’s URL once')
    .option('--url <url>', 'instead of the one that is set up; - reads it from standard input')
    .option('--db <name>', 'the database, where the URL does not name it')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<RemoteFlags>();
      const url = await addressOf(context, flags.url);
      await session.ask(context, flags, 'team.prepare', {
        ...(url && { url }),
        ...(flags.db && { database: flags.db }),
      });
      printResult(context, flags, { prepared: true }, () => 'The database is ready for the team.');
    });
  remote
    .command('shards')
    .description('what an administrator of a sharded cluster would say to it; asks no server')
    .option('--db <name>', 'the database', 'almanac')
    .action((_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions & { db: string }>();
      const plan = shardPlan(flags.db);
      printAll(
        context,
        flags,
        plan,
        ({ collection, command: said, why }) => `${said ?? `// ${collection} stays whole`}  // ${why}`,
      );
    });
  remote
    .command('set <url>')
    .description('keeps the address for this vault and changes to mirror; - reads it from standard input')
    .option('--db <name>', 'the database, where the URL does not name it')
    .action(async (given: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<RemoteFlags>();
      const url = (await addressOf(context, given)) ?? '';
      const asked = { url, ...(flags.db && { database: flags.db }), mode: 'mirror' as const };
      const status = await session.ask(context, flags, 'team.connect', asked, { missing: 'create' });
      if (status.credentials === 'file') {
        context.note(
          'The address with its password is kept in a file that only you can read; no keychain is used here.\n',
        );
      }
      printStatus(context, flags, status);
    });
  remote
    .command('unset')
    .description('forgets the address; records stay on both sides')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      printStatus(context, flags, await session.ask(context, flags, 'team.disconnect', {}));
    });
  remote
    .command('test')
    .description('tries the connection and says in words what is wrong')
    .option('--url <url>', 'instead of the one that is set up; - reads it from standard input')
    .option('--db <name>', 'the database, where the URL does not name it')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<RemoteFlags>();
      const url = await addressOf(context, flags.url);
      const asked = { ...(url && { url }), ...(flags.db && { database: flags.db }) };
      const result = await session.ask(context, flags, 'team.test', asked);
      printResult(context, flags, result, ({ ok, server, database, problem, warning }) =>
        ok
          ? `${server}, database ${database}: ${warning ?? 'all is well.'}`
          : `${problem?.message ?? ''}\n${problem?.remedy ?? ''}`,
      );
      if (!result.ok) throw new PrintedFailure();
    });
}

/** A password on the command line is seen by every program of the machine: `-` takes it from standard input. */
async function addressOf(context: CliContext, given: string | undefined): Promise<string | undefined> {
  if (given !== '-') return given;
  const url = (await context.readInput()).trim();
  if (url !== '') return url;
  throw new AppError('BAD_INPUT', 'There was no address on standard input.', {
    remedy: 'Pipe the connection string in.',
    details: { argument: 'URL' },
  });
}

function addSync(sync: Command, context: CliContext): void {
  addSyncJob(sync, context, 'once', 'until nothing waits on either side', 'team.sync', reportText);
  addSyncJob(sync, context, 'backfill', 'pushes the whole vault, then compares', 'team.backfill', backfillText);
  addSyncJob(sync, context, 'pull', 'fetches everything that the server has', 'team.pull', reportText);
  addSyncJob(sync, context, 'verify', 'compares both sides to the last record', 'team.verify', certificateText).option(
    '--full',
    'reads everything on both sides, also where digests are a proof',
  );
  sync
    .command('status')
    .description('mode, what waits, and both sides’ counts')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      printStatus(context, flags, await session.ask(context, flags, 'team.status', {}));
    });
  sync
    .command('watch')
    .description('reconciles until Ctrl-C; beside a running app, shows what it does')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      let shown = '';
      await session.watchTeam(context, flags, (status) => {
        const line = flags.json ? JSON.stringify(shortStatus(status)) : statusLine(status);
        if (line !== shown) context.out(`${line}\n`);
        shown = line;
      });
    });
  sync
    .command('mode <mode>')
    .description('local, mirror or remote')
    .action(async (mode: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      if (mode !== 'local' && mode !== 'mirror' && mode !== 'remote') {
        const remedy = 'Give local, mirror or remote.';
        throw new AppError('BAD_INPUT', `"${mode}" is no mode.`, { remedy, details: { argument: 'MODE' } });
      }
      printStatus(context, flags, await session.ask(context, flags, 'team.set_mode', { mode }));
    });
  sync
    .command('scope <days>')
    .description('holds conversations of the last so many days only, or `all`; the rest stays on the server')
    .option('--no-pinned', 'not the pinned ones that are older')
    .option('--user <id...>', 'and those of these users, whatever their age')
    .action(async (days: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions & { pinned: boolean; user?: string[] }>();
      const scope = days === 'all' ? null : { days: daysIn(days), pinned: flags.pinned, users: flags.user ?? [] };
      printStatus(context, flags, await session.ask(context, flags, 'team.set_scope', { scope }));
    });
  sync
    .command('decide <side>')
    .description('ends a fail-safe’s stop: mine (what is here goes to the server again) or server (it is right)')
    .action(async (take: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      if (take !== 'mine' && take !== 'server') {
        const remedy = 'Give mine or server.';
        throw new AppError('BAD_INPUT', `"${take}" is no side.`, { remedy, details: { argument: 'SIDE' } });
      }
      printStatus(context, flags, await session.ask(context, flags, 'team.decide', { take }));
    });
}

function daysIn(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 36_500) return days;
  throw new AppError('BAD_INPUT', `"${text}" is no number of days.`, {
    remedy: 'Give a number from 1 to 36500, or all.',
    details: { argument: 'DAYS' },
  });
}

type Job = 'team.sync' | 'team.backfill' | 'team.pull' | 'team.verify';
type Outcome = SyncReport | BackfillReport | Certificate;

function addSyncJob<T extends Outcome>(
  sync: Command,
  context: CliContext,
  name: string,
  description: string,
  request: Job,
  asText: (outcome: T) => string,
): Command {
  return sync
    .command(name)
    .description(description)
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions & { full?: boolean }>();
      const job = jobOptions(context);
      const missing = name === 'pull' ? 'create' : 'refuse';
      const outcome = (await session
        .ask(context, flags, request, flags.full ? { full: true } : {}, { ...job, missing })
        .finally(() => job.done())) as T; // each name is added with the text of its own outcome
      printResult(context, flags, outcome, asText);
      if (isBad(outcome)) throw new PrintedFailure();
    });
}

function isBad(outcome: Outcome): boolean {
  return ('equal' in outcome && !outcome.equal) || ('ok' in outcome && !outcome.ok);
}

function reportText({ pushed, pulled, merged, conflicts, waiting }: SyncReport): string {
  const parts = [`${count(pushed, 'record')} sent`, `${count(pulled, 'record')} fetched`];
  if (merged > 0) parts.push(`${merged} merged`);
  if (conflicts > 0) parts.push(`${count(conflicts, 'conflict')} set aside`);
  if (waiting > 0) parts.push(`${waiting} still waiting`);
  return `${parts.join(', ')}.`;
}

function backfillText({ ok, pushed, duration_ms, collections }: BackfillReport): string {
  const seconds = (duration_ms / 1000).toFixed(1);
  const head = `${count(pushed, 'record')} sent in ${seconds} s; ${ok ? 'both sides are equal' : 'the sides differ'}.`;
  return [head, ...parityLines(collections)].join('\n');
}

function certificateText({ equal, at, store_id, contents_at, sha256, collections }: Certificate): string {
  const head = equal ? 'Both sides are equal.' : 'The sides differ.';
  const byDigests = Object.values(collections).some(({ by }) => by === 'digests');
  const how = byDigests
    ? [
        `Compared by digests; contents were last read at ${contents_at ?? ''}, and changes followed since (--full reads all)`,
      ]
    : [];
  return [head, `At ${at}, store ${store_id}`, ...how, ...parityLines(collections), `sha256 ${sha256}`].join('\n');
}

function parityLines(collections: Certificate['collections']): string[] {
  return Object.entries(collections).map(([name, { local, remote, differing }]) => {
    const verdict =
      differing.length === 0 && local === remote ? 'equal' : `differing: ${differing.slice(0, 5).join(', ')}`;
    return `  ${name.padEnd(18)}${String(local).padStart(9)} here${String(remote).padStart(9)} there  ${printable(verdict)}`;
  });
}

function shortStatus(status: TeamStatus): object {
  const { mode, state, store_id, waiting, last_synced_at, last_verified_at, conflicts, quarantined } = status;
  const collections = Object.fromEntries(
    Object.entries(status.collections).map(([name, { local, remote }]) => [name, { local, remote }]),
  );
  return { mode, state, store_id, waiting, last_synced_at, last_verified_at, conflicts, quarantined, collections };
}

function printStatus(context: CliContext, flags: GlobalOptions, status: TeamStatus): void {
  printResult(context, flags, shortStatus(status), () => statusText(status));
}

function statusLine({ state, waiting, conflicts, last_synced_at }: TeamStatus): string {
  return `${last_synced_at ?? 'never synced'}  ${state}, ${waiting} waiting, ${count(conflicts, 'conflict')}`;
}

function statusText(status: TeamStatus): string {
  const { mode, state, server, database, waiting, trouble, collections } = status;
  const lines = [
    `Mode      ${mode}`,
    `Server    ${server === null ? 'none set up' : `${server}, database ${database ?? ''}`}`,
    `State     ${state}, ${waiting} waiting`,
    ...(status.scope ? [`Scope     ${scopeText(status.scope)}`] : []),
    `Synced    ${status.last_synced_at ?? 'never'}`,
    `Verified  ${status.last_verified_at ?? 'never'}`,
    `Conflicts ${status.conflicts}, set aside ${status.quarantined}`,
  ];
  if (trouble) lines.push(trouble.message, trouble.remedy);
  for (const [name, { local, remote }] of Object.entries(collections)) {
    lines.push(`  ${name.padEnd(18)}${String(local).padStart(9)} here${String(remote ?? '?').padStart(9)} there`);
  }
  return lines.join('\n');
}

function scopeText({ days, pinned, users }: NonNullable<TeamStatus['scope']>): string {
  const also = [...(pinned ? ['pinned ones'] : []), ...users.map((user) => `those of ${printable(user)}`)];
  return [`conversations of the last ${count(days, 'day')}`, ...also].join(', ');
}

function addConflicts(conflicts: Command, context: CliContext): void {
  conflicts
    .command('list')
    .description('the open ones, newest first')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      const query = { state: 'open' as const, offset: 0, limit: 500 };
      const { rows } = await session.ask(context, flags, 'conflicts.list', query);
      printAll(context, flags, rows, ({ id, at, collection, title, fields }) =>
        printable(`${id}  ${at}  ${collection}  ${title}  ${fields.join(', ')}`),
      );
    });
  conflicts
    .command('show <id>')
    .description('what both sides had, and what they had in common before')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions>();
      printResult(context, flags, await session.ask(context, flags, 'conflicts.get', { id }), conflictText);
    });
  conflicts
    .command('resolve <id>')
    .description('takes one side’s values')
    .requiredOption('--take <side>', 'mine, theirs or base')
    .action(async (id: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<GlobalOptions & { take: string }>();
      const { take } = flags;
      if (take !== 'mine' && take !== 'theirs' && take !== 'base') {
        const remedy = 'Give mine, theirs or base.';
        throw new AppError('BAD_INPUT', `"${take}" is no side.`, { remedy, details: { argument: '--take' } });
      }
      const resolved = await session.ask(context, flags, 'conflicts.resolve', { id, take });
      printResult(context, flags, resolved, () => `Took ${take}.`);
    });
}

function conflictText({ collection, record_id, reason, fields, base, mine, theirs }: ConflictView): string {
  const side = (name: string, value: ConflictView['mine']): string[] => {
    const shown =
      fields.length === 0 || value === null ? Object.entries(value ?? {}) : fields.map((f) => [f, value[f]]);
    return [
      `${name}:`,
      ...shown.map(([field, held]) => `  ${String(field)}: ${printable(JSON.stringify(held) ?? '—')}`),
    ];
  };
  return [
    `${collection} ${record_id}: ${reason}`,
    ...side('base', base),
    ...side('mine', mine),
    ...side('theirs', theirs),
  ]
    .map(printable)
    .join('\n');
}
