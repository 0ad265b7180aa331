import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { collectionNames } from '../../../shared/collections/registry.ts';
import { nodeFs } from '../node-fs.ts';
import { createTimeSlices, type TimeSlices } from '../time-slices.ts';
import {
  checkDataFile,
  checkGone,
  checkUniqueKeys,
  type DataPath,
  indexedFiles,
  type IndexedFiles,
} from './check-data.ts';
import { checkLog } from './check-log.ts';
import { checkSavedIndexes } from './check-saved-index.ts';
import {
  checkPermissions,
  checkQuarantine,
  checkSpace,
  checkStaging,
  checkTrash,
  type Surroundings,
} from './check-surroundings.ts';
import { finding, isWrong } from './finding.ts';
import { repairAll } from './repair.ts';
import type { DoctorOptions, DoctorReport, Finding, Report } from './types.ts';
import { walkVault } from './walk.ts';

/** More than anyone reads; the rest is counted. */
const MAX_FINDINGS = 2_000;
const PROGRESS_MS = 100;
/** How often what differs is looked at once more. */
const LOOKS = 3;

/**
 * Looks through a whole vault: log, files, checksums, index, keys, search, space, permissions, and what lies about.
 * Gives the event loop back every few milliseconds. With `repair`, what can be put right is, never without a copy of
 * the former bytes, and is looked at again.
 *
 * @throws CANCELLED, VAULT_READ_ONLY (repair of a vault that is only open for reading)
 */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  if (options.repair && options.vault.readOnly) {
    throw new AppError('VAULT_READ_ONLY', 'A vault that is open for reading only cannot be repaired.', {
      remedy: 'Run the repair where the vault is open for writing.',
    });
  }
  return new Doctor(options).run();
}

/** A data file with something wrong: looked at once more at the end, when writes of the meantime are over. */
type Suspect = { readonly file: DataPath; readonly findings: readonly Finding[] };

class Doctor {
  readonly #options: DoctorOptions;
  readonly #surroundings: Surroundings;
  readonly #port: { readonly fs: Surroundings['fs']; readonly root: string; readonly slices: TimeSlices };
  readonly #findings: Finding[] = [];
  readonly #checked = { files: 0, records: 0, bytes: 0 };
  readonly #isLive: boolean;
  /** False for a reader beside a writer, or over a log that no owner has brought into the files yet. */
  #isCompared: boolean;
  #nextReportMs = 0;

  constructor(options: DoctorOptions) {
    const { vault, clock, fs = nodeFs } = options;
    this.#options = options;
    this.#surroundings = { fs, root: vault.root, clock };
    this.#port = { fs, root: vault.root, slices: createTimeSlices() };
    this.#isLive = vault.owner() !== null;
    this.#isCompared = !(vault.readOnly && this.#isLive);
  }

  async run(): Promise<DoctorReport> {
    const { vault, repair, extraChecks = [] } = this.#options;
    const startedMs = performance.now();
    const add: Report = (found) => this.#add(found);
    if (!this.#isCompared)
      add(finding('not-checked', '', 'Another process is writing: the index was not compared with the files.'));
    await vault.settleFiles();
    checkSpace(this.#surroundings).forEach(add);
    this.#checkLog().forEach(add);
    (await checkSavedIndexes(this.#port)).forEach(add);
    await this.#checkFiles();
    if (this.#isCompared) (await checkUniqueKeys(vault, this.#port)).forEach(add);
    checkStaging(this.#surroundings).forEach(add);
    checkTrash(this.#surroundings).forEach(add);
    checkQuarantine(this.#surroundings).forEach(add);
    for (const check of extraChecks) (await check.examine()).forEach(add);
    this.#options.signal?.throwIfAborted();
    const findings = repair ? await this.#repaired() : this.#findings;
    return this.#report(findings, performance.now() - startedMs);
  }

  #checkLog(): Finding[] {
    const { fs, root } = this.#surroundings;
    const findings = checkLog(fs, root, this.#isLive);
    if (findings.some(({ code }) => code === 'log-late' || code === 'log-damaged'))
      this.#isCompared &&= !this.#options.vault.readOnly;
    return findings;
  }

  #add(found: Finding): void {
    this.#findings.push(found);
    this.#options.onFinding?.(found);
  }

  async #checkFiles(): Promise<void> {
    const { vault } = this.#options;
    const { fs, root, slices } = this.#port;
    const indexed = this.#isCompared ? await indexedFiles(vault, slices) : null;
    const total = indexed?.size ?? [...vault.files(collectionNames)].length;
    const seen = new Set<string>();
    const suspects: Suspect[] = [];
    for (const walked of walkVault(fs, root)) {
      await this.#pause(total);
      switch (walked.kind) {
        case 'foreign':
          this.#add(
            finding(
              'not-ours',
              walked.path,
              `Almanac did not make this ${walked.what === 'other' ? 'link or device' : walked.what}.`,
            ),
          );
          continue;
        case 'leftover':
          this.#add(finding('leftover', walked.path, 'A write that was interrupted left this behind.'));
          continue;
        case 'data':
          seen.add(walked.path);
          suspects.push(...(await this.#checkFile(walked, indexed)));
      }
      checkPermissions(this.#surroundings, walked.path).forEach((found) => this.#add(found));
    }
    await this.#judge(suspects, indexed === null ? [] : await checkGone(this.#port, indexed, seen));
  }

  async #checkFile(file: DataPath, indexed: IndexedFiles | null): Promise<Suspect[]> {
    const check = await checkDataFile(this.#port, file, indexed);
    if (check === null) return [];
    this.#checked.files += 1;
    this.#checked.records += check.examined.alive.size;
    this.#checked.bytes += check.bytes;
    return check.examined.findings.length === 0 ? [] : [{ file, findings: check.examined.findings }];
  }

  /**
   * Looks again at what differed, against the index as it is now: a look may have met a write half-way. In a vault that
   * is written to without a pause, the same must be seen each time, in a file that is not just being written.
   */
  async #judge(suspects: readonly Suspect[], gone: readonly Finding[]): Promise<void> {
    const isWrongFor = new Map(suspects.map((suspect) => [suspect, suspect.findings]));
    let missing = gone;
    for (let look = 0; look < LOOKS; look += 1) {
      const doubtful = [...isWrongFor].filter(([, findings]) => findings.some(isTransient));
      if (doubtful.length === 0 && missing.length === 0) break;
      const sinceMs = Date.now();
      await this.#options.vault.settleFiles();
      const now = this.#isCompared ? await indexedFiles(this.#options.vault, this.#port.slices) : null;
      for (const [suspect] of doubtful) {
        const again = await checkDataFile(this.#port, suspect.file, now);
        const isBeingWritten =
          (this.#port.fs.stat(join(this.#port.root, suspect.file.path))?.modifiedMs ?? 0) >= sinceMs;
        const findings = again?.examined.findings ?? [];
        isWrongFor.set(suspect, isBeingWritten ? findings.filter((found) => !isTransient(found)) : findings);
        await this.#pause(0);
      }
      const stillGone = now === null ? [] : await checkGone(this.#port, now, new Set());
      missing = stillGone.filter(({ path }) => missing.some((before) => before.path === path));
    }
    for (const found of [...[...isWrongFor.values()].flat(), ...missing]) this.#add(found);
  }

  async #pause(total: number): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const nowMs = performance.now();
    if (nowMs >= this.#nextReportMs) {
      this.#nextReportMs = nowMs + PROGRESS_MS;
      this.#options.onProgress?.({ phase: 'checking', done: this.#checked.files, total, unit: 'files' });
    }
    await this.#port.slices.pause();
  }

  async #repaired(): Promise<readonly Finding[]> {
    this.#options.onProgress?.({ phase: 'repairing', done: 0, total: 0, unit: 'files' });
    return repairAll({ ...this.#options, ...this.#port }, this.#findings);
  }

  #report(findings: readonly Finding[], durationMs: number): DoctorReport {
    const wrong = findings.filter(isWrong);
    const repaired = wrong.filter((found) => found.repaired).length;
    const gravest = { error: 0, warning: 1, note: 2 } as const;
    const sorted = [...findings].sort(
      (a, b) => Number(a.repaired) - Number(b.repaired) || gravest[a.severity] - gravest[b.severity],
    );
    return {
      ok: repaired === wrong.length,
      checked: { ...this.#checked },
      findings: sorted.slice(0, MAX_FINDINGS),
      more: Math.max(0, findings.length - MAX_FINDINGS),
      repaired,
      open: wrong.length - repaired,
      compared: this.#isCompared,
      duration_ms: Math.round(durationMs),
    };
  }
}

/** What a write under way can look like. */
function isTransient({ code }: Finding): boolean {
  return ['not-indexed', 'index-stale', 'second-file', 'line-torn', 'file-damaged'].includes(code);
}
