import { useRef, useState } from 'react';
import { cancelled, toAppError } from '../../../shared/errors.ts';
import { showError } from '../../components/notify.tsx';
import { useClient } from '../../lib/client-context.ts';
import { isBusy, type Chosen, type ImportStep, type Problem } from './import-step.ts';

export interface ImportFlow {
  readonly step: ImportStep;
  /** Starts with a dropped or picked file; the dry run follows by itself. */
  readonly offer: (file: File) => void;
  /** Asks for a file or folder in the system's dialog (desktop). */
  readonly pick: (kind: 'file' | 'folder') => void;
  /** From the plan to the import. */
  readonly run: () => void;
  /** Stops what is under way; nothing of it is kept. */
  readonly cancel: () => void;
  /** Back to the beginning: stops, and lets main forget the file. */
  readonly reset: () => void;
  readonly undo: () => void;
}

/** Drives an import through its steps. Answers that come after the person turned away are dropped. */
export function useImportFlow(): ImportFlow {
  const client = useClient();
  const [step, setStep] = useState<ImportStep>({ at: 'choose' });
  /** Counts the turns the person took: an answer to an earlier turn must not move the screen. */
  const turn = useRef(0);

  /** Begins a stretch of work; `isCurrent` turns false when the person turned away from it. */
  const begin = () => {
    turn.current += 1;
    const mine = turn.current;
    return { isCurrent: () => turn.current === mine };
  };
  const forget = (handle: string): void => {
    // Main forgets unused files by itself in the end; nothing here depends on the answer.
    client.call('import.forget', { handle }).catch(() => undefined);
  };
  const fail = (problem: Problem): void => setStep({ at: 'choose', problem });

  const preview = async (chosen: Chosen): Promise<void> => {
    const { isCurrent } = begin();
    const jobId = crypto.randomUUID();
    setStep({ at: 'reading', chosen, jobId });
    try {
      const { plan, rows } = await client.call('import.preview', { handle: chosen.handle, job_id: jobId });
      if (isCurrent()) setStep({ at: 'planned', chosen, plan, rows });
      else forget(chosen.handle);
    } catch (error) {
      forget(chosen.handle);
      if (isCurrent()) fail({ name: chosen.name, error: toAppError(error) });
    }
  };

  const offer = async (file: File): Promise<void> => {
    const { isCurrent } = begin();
    setStep({ at: 'uploading', name: file.name, done: 0, total: file.size });
    try {
      const chosen = await client.offerFile(file, (done, total) => {
        if (isCurrent()) setStep({ at: 'uploading', name: file.name, done, total });
      });
      if (isCurrent()) await preview(chosen);
      else forget(chosen.handle);
    } catch (error) {
      if (isCurrent()) fail({ name: file.name, error: toAppError(error) });
    }
  };

  const pick = async (kind: 'file' | 'folder'): Promise<void> => {
    const { isCurrent } = begin();
    try {
      const chosen = await client.call('files.pick', { kind });
      if (chosen === null) return;
      if (isCurrent()) await preview(chosen);
      else forget(chosen.handle);
    } catch (error) {
      if (isCurrent()) fail({ error: toAppError(error) });
    }
  };

  const run = async (): Promise<void> => {
    if (step.at !== 'planned') return;
    const { chosen, plan } = step;
    const { isCurrent } = begin();
    const jobId = crypto.randomUUID();
    setStep({ at: 'running', chosen, plan, jobId });
    try {
      const receipt = await client.call('import.run', { handle: chosen.handle, job_id: jobId });
      if (isCurrent()) setStep({ at: 'done', receipt });
    } catch (error) {
      forget(chosen.handle);
      if (isCurrent()) fail({ name: chosen.name, error: toAppError(error) });
    }
  };

  const undo = async (): Promise<void> => {
    if (step.at !== 'done') return;
    const { receipt } = step;
    const { isCurrent } = begin();
    const jobId = crypto.randomUUID();
    setStep({ at: 'undoing', receipt, jobId });
    try {
      const undone = await client.call('import.undo', { id: receipt.id, job_id: jobId });
      if (isCurrent()) setStep({ at: 'undone', receipt, undone });
    } catch (error) {
      // All or nothing: the import stands as it did.
      if (isCurrent()) setStep({ at: 'done', receipt });
      showError(error);
    }
  };

  const cancel = (): void => {
    // Main answers the running call with CANCELLED, which moves on; an upload has no job to cancel yet.
    if ('jobId' in step) client.call('jobs.cancel', { job_id: step.jobId }).catch(() => undefined);
    if (step.at !== 'uploading') return;
    begin();
    fail({ name: step.name, error: cancelled() });
  };
  const reset = (): void => {
    if (isBusy(step)) cancel();
    if ('chosen' in step && step.at === 'planned') forget(step.chosen.handle);
    begin();
    setStep({ at: 'choose' });
  };

  return {
    step,
    offer: (file) => void offer(file),
    pick: (kind) => void pick(kind),
    run: () => void run(),
    cancel,
    reset,
    undo: () => void undo(),
  };
}
