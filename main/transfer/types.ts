import type { ImportPlan, PlanRow, Progress, Receipt, UndoneImport } from '../../shared/ipc/models.ts';

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Omit<Progress, 'job_id'>) => void;
}

/** A ZIP, a folder or a single JSON file on this machine. `name` is what the person called it. */
export interface Archive {
  readonly path: string;
  readonly name: string;
}

export interface Preview {
  readonly plan: ImportPlan;
  readonly rows: readonly PlanRow[];
}

export interface Transfer {
  /** The dry run: reads all of the archive, writes nothing. */
  preview(archive: Archive, options?: JobOptions): Promise<Preview>;
  /** Reads, stages, and commits as one batch with its receipt. On error or cancel nothing is left behind. */
  run(archive: Archive, options?: JobOptions): Promise<Receipt>;
  /** Newest first. */
  receipts(): Promise<Receipt[]>;
  undo(importId: string, options?: JobOptions): Promise<UndoneImport>;
}
