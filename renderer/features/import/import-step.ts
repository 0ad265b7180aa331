import type { AppError } from '../../../shared/errors.ts';
import type { ImportPlan, Receipt, UndoneImport } from '../../../shared/ipc/models.ts';

/** The file the person chose, as main knows it. */
export interface Chosen {
  readonly handle: string;
  readonly name: string;
}

/**
 * Where an import stands.
 *
 *   choose → uploading → reading → planned → running → done → undoing → undone
 *      ↑________|___________|_________|_________|  (cancelled, failed, another file)
 */
export type ImportStep =
  | { readonly at: 'choose'; readonly problem?: Problem }
  | { readonly at: 'uploading'; readonly name: string; readonly done: number; readonly total: number }
  | { readonly at: 'reading'; readonly chosen: Chosen; readonly jobId: string }
  | { readonly at: 'planned'; readonly chosen: Chosen; readonly plan: ImportPlan; readonly rows: number }
  | { readonly at: 'running'; readonly chosen: Chosen; readonly plan: ImportPlan; readonly jobId: string }
  | { readonly at: 'done'; readonly receipt: Receipt }
  | { readonly at: 'undoing'; readonly receipt: Receipt; readonly jobId: string }
  | { readonly at: 'undone'; readonly receipt: Receipt; readonly undone: UndoneImport };

/** Why the last file did not become an import. */
export interface Problem {
  /** The file's name; absent where none could be chosen. */
  readonly name?: string;
  /** CANCELLED where the person wanted it so. */
  readonly error: AppError;
}

/** Work is under way that closing would stop. */
export function isBusy(step: ImportStep): boolean {
  return step.at === 'uploading' || step.at === 'reading' || step.at === 'running' || step.at === 'undoing';
}
