import type { DoctorReport, Finding, FindingCode } from '../../../shared/ipc/upkeep.ts';
import type { Progress } from '../../../shared/ipc/models.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FsPort } from '../fs-port.ts';
import type { Vault } from '../types.ts';

export type { DoctorReport, Finding, FindingCode };

/** A check of something that the store knows nothing of (the search index), with its own way to put it right. */
export interface ExtraCheck {
  examine(): Promise<readonly Finding[]>;
  /** Says what it did. */
  repair(): Promise<string>;
}

export interface DoctorOptions {
  /** An owner's vault may be repaired; a reader's is only looked at, and nothing on disk changes. */
  readonly vault: Vault;
  readonly repair: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Omit<Progress, 'job_id'>) => void;
  /** Told of each finding when it is made, before any repair. */
  readonly onFinding?: (finding: Finding) => void;
  readonly extraChecks?: readonly ExtraCheck[];
  /** For tests: another disk. */
  readonly fs?: FsPort;
}

/** Where checks put what they find. */
export type Report = (finding: Finding) => void;
