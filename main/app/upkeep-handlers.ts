import type { Handlers, Payload } from '../../shared/ipc/contract.ts';
import type { Progress } from '../../shared/ipc/models.ts';
import type { Finding } from '../../shared/ipc/upkeep.ts';
import type { Jobs } from '../ipc/jobs.ts';
import { withProgress } from './job-progress.ts';
import type { Upkeep } from './upkeep.ts';

export interface UpkeepHandlerPorts {
  readonly upkeep: Upkeep;
  readonly jobs: Jobs;
  readonly onProgress: (progress: Progress) => void;
  readonly onFinding: (finding: Payload<'doctor.finding'>) => void;
}

/** A vault in ruins must not flood the page; the report has them all. */
const MOST_TOLD = 1_000;

type UpkeepMethods = Extract<keyof Handlers, `doctor.${string}` | `quarantine.${string}` | `trash.${string}`>;

export function upkeepHandlers({
  upkeep,
  jobs,
  onProgress,
  onFinding,
}: UpkeepHandlerPorts): Pick<Handlers, UpkeepMethods> {
  return {
    'doctor.run': ({ repair, job_id }) => {
      let told = 0;
      const tell = (finding: Finding): void => {
        if ((told += 1) <= MOST_TOLD) onFinding({ job_id, finding });
      };
      return jobs.run(job_id, (signal) =>
        withProgress(job_id, signal, onProgress, (options) => upkeep.doctor({ repair, ...options, onFinding: tell })),
      );
    },
    'quarantine.list': async () => [...upkeep.quarantine.list()],
    'quarantine.restore': async ({ id }) => ({ restored: await upkeep.quarantine.restore(id) }),
    'quarantine.export': async ({ id }) => {
      const { fileName, bytes } = upkeep.quarantine.read(id);
      return { file_name: fileName, base64: bytes.toString('base64') };
    },
    'quarantine.discard': async ({ id }) => {
      upkeep.quarantine.discard(id);
      return null;
    },
    'trash.list': () => upkeep.listTrash(),
    'trash.restore': async ({ id }) => ({ restored: await upkeep.restoreTrash(id) }),
  };
}
