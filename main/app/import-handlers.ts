import { AppError } from '../../shared/errors.ts';
import type { Handlers } from '../../shared/ipc/contract.ts';
import type { Progress } from '../../shared/ipc/models.ts';
import type { Jobs } from '../ipc/jobs.ts';
import type { Archive, JobOptions, Preview, Transfer } from '../transfer/types.ts';
import type { FileHandles } from './file-handles.ts';
import { withProgress } from './job-progress.ts';
import type { ChosenFile, HostActions } from './ports.ts';

export interface ImportHandlerPorts {
  readonly transfer: Transfer;
  readonly files: FileHandles;
  readonly jobs: Jobs;
  readonly host: HostActions;
  readonly onProgress: (progress: Progress) => void;
}

type ImportMethods = Extract<keyof Handlers, `files.${string}` | `import.${string}` | `jobs.${string}`>;

export function importHandlers(ports: ImportHandlerPorts): Pick<Handlers, ImportMethods> {
  const { transfer, files, jobs, host } = ports;
  /** Dry runs by the file they read: gone together with the file's handle. */
  const previews = new WeakMap<ChosenFile, Preview>();
  const job = <T>(jobId: string, work: (options: JobOptions) => Promise<T>): Promise<T> =>
    jobs.run(jobId, (signal) => withProgress(jobId, signal, ports.onProgress, work));

  return {
    'files.pick': async ({ kind }) => {
      if (host.pickFile === undefined) throw noFileDialog();
      const file = await host.pickFile(kind);
      return file === null ? null : files.offer(file);
    },
    'import.preview': async ({ handle, job_id }) => {
      const file = files.resolve(handle);
      const preview = await job(job_id, (options) => transfer.preview(archiveOf(file), options));
      previews.set(file, preview);
      return { plan: preview.plan, rows: preview.rows.length };
    },
    'import.rows': async ({ handle, offset, limit }) => {
      const preview = previews.get(files.resolve(handle));
      if (preview === undefined) throw notPreviewed();
      return preview.rows.slice(offset, offset + limit);
    },
    'import.run': async ({ handle, job_id }) => {
      const file = files.resolve(handle);
      try {
        return await job(job_id, (options) => transfer.run(archiveOf(file), options));
      } finally {
        await files.forget(handle);
      }
    },
    'import.forget': async ({ handle }) => {
      await files.forget(handle);
      return null;
    },
    'import.list': () => transfer.receipts(),
    'import.undo': ({ id, job_id }) => job(job_id, (options) => transfer.undo(id, options)),
    'jobs.cancel': async ({ job_id }) => ({ cancelled: jobs.cancel(job_id) }),
  };
}

/** What crosses to the worker: its release stays here. */
function archiveOf({ path, name }: ChosenFile): Archive {
  return { path, name };
}

function noFileDialog(): AppError {
  return new AppError('NOT_SUPPORTED', 'This host has no file dialog of its own.', {
    remedy: 'Choose the file with the page’s own button, or drop it on the window.',
  });
}

function notPreviewed(): AppError {
  return new AppError('NOT_FOUND', 'There is no dry run of this file.', { remedy: 'Run the dry run first.' });
}
