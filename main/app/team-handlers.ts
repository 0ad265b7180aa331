import type { Handlers } from '../../shared/ipc/contract.ts';
import type { Progress } from '../../shared/ipc/models.ts';
import type { Jobs } from '../ipc/jobs.ts';
import type { Team } from '../team/types.ts';
import { withProgress } from './job-progress.ts';

export interface TeamHandlerPorts {
  readonly team: Team;
  readonly jobs: Jobs;
  readonly onProgress: (progress: Progress) => void;
}

type TeamMethods = Extract<keyof Handlers, `team.${string}` | `conflicts.${string}`>;

export function teamHandlers({ team, jobs, onProgress }: TeamHandlerPorts): Pick<Handlers, TeamMethods> {
  const asJob =
    <T>(work: (options: Parameters<Team['sync']>[0]) => Promise<T>) =>
    ({ job_id }: { readonly job_id: string }): Promise<T> =>
      jobs.run(job_id, (signal) => withProgress(job_id, signal, onProgress, work));
  return {
    'team.status': () => team.status(),
    'team.test': ({ url, database }) => team.test(url === undefined ? undefined : { url, database }),
    'team.connect': ({ url, database, mode }) => team.connect({ url, database }, mode),
    'team.disconnect': () => team.disconnect(),
    'team.set_mode': ({ mode }) => team.setMode(mode),
    'team.set_scope': ({ scope }) => team.setScope(scope),
    'team.preview': () => team.preview(),
    'team.sync': asJob((options) => team.sync(options)),
    'team.backfill': asJob((options) => team.backfill(options)),
    'team.pull': asJob((options) => team.pull(options)),
    'team.verify': ({ job_id, full }) => asJob((options) => team.verify({ ...options, full }))({ job_id }),
    'team.certificate': async () => team.certificate(),
    'team.days': async ({ year }) => [...(await team.days(year))],
    'team.events': async () => [...team.events()],
    'team.decide': ({ take }) => team.decide(take),
    'conflicts.list': async (query) => {
      const { total, rows } = await team.conflicts.list(query);
      return { total, rows: [...rows] };
    },
    'conflicts.get': ({ id }) => team.conflicts.get(id),
    'conflicts.resolve': ({ id, take }) => team.conflicts.resolve(id, take),
    'conflicts.undo': ({ id }) => team.conflicts.undo(id),
  };
}
