import { relative, sep } from 'node:path';
import { type CollectionName, isCollectionName } from '../../../shared/collections/registry.ts';
import type { ChangeBatch } from '../../../shared/store/store.ts';
import type { Contested } from '../contested.ts';
import { layout } from '../layout.ts';
import type { TimeSlices } from '../time-slices.ts';
import { type DirtyFiles, createDirtyFiles } from './dirty-files.ts';
import { type FolderWatch, createFolderWatch } from './folder-watch.ts';
import { type Finding, inspect } from './inspect.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { absolutePath, fileCount, knownAt } from './known-files.ts';
import { type MissingFilesHeld, createMissingFilesHeld } from './missing-files-held.ts';
import { deleteMissing, restoreMissing } from './missing-files.ts';
import { type Rescan, createRescan, isRecordFile } from './rescan.ts';
import { createSchedule } from './schedule.ts';
import { holds } from './stable-read.ts';
import { takeContested } from './take-contested.ts';
import type { TakePort } from './take-port.ts';
import { type After, type DataFile, type Notice, type WatchDelays, type WatchState, keyOf } from './types.ts';
import { type RecentDay, recentDays, watchedFolders } from './watched-folders.ts';

export interface ExternalEditsPort extends TakePort {
  /** Runs alone among the vault's writes. Rejects while nothing may be written; then nothing has changed. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
  /** Calls the listener after each commit, whoever made it. */
  readonly watch: (listener: (batch: ChangeBatch) => void) => () => void;
  /** Calls the listener before a file is written over that another program wrote to meanwhile; see engine.ts. */
  readonly onContested: (listener: (contested: Contested, kept: string) => void) => () => void;
  /** Whether the vault's folder is there: without it no file that is missing means anything. */
  readonly isThere: () => boolean;
  readonly slices: TimeSlices;
  readonly after: After;
  readonly random: () => number;
  readonly delays: WatchDelays;
  /** Files last changed before this have the content of the saved index. */
  readonly trustedBeforeMs: number;
  readonly isPolling?: boolean;
}

/** Watches the owner's vault for what other programs do to its files, and takes it over; reliability.md §4.9. */
export interface ExternalEdits {
  readonly state: WatchState;
  /** Resolves once events come. What happens before is seen by the first comparison, soon after opening. */
  ready(): Promise<void>;
  /** Told of each change of state. Returns what ends it. */
  onState(listener: (state: WatchState) => void): () => void;
  /** Told where something was done that a person may not expect. */
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Whether this file waits to be looked at, so that writing over it now could lose somebody's edit. */
  isUnsettled(file: DataFile): boolean;
  /** Something may have happened to this file. */
  hint(file: DataFile): void;
  /** Compares the files of these days (`2026/11`; '' for all) with the index now. */
  rescan(prefix: string): Promise<void>;
  /** The person meant it: the files that are held as missing are deleted, into the trash. */
  confirmDeletions(): Promise<void>;
  /** The person did not: they come back as they were. Returns those of which no good version was kept. */
  restoreMissing(): Promise<readonly DataFile[]>;
  /** Resolves once what has been noticed is looked at; files that are given time are not waited for. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export function startExternalEdits(port: ExternalEditsPort): ExternalEdits {
  return new Watcher(port);
}

/** With more than this waiting, folders are compared instead of files followed. */
const MAX_WAITING = 2_000;

class Watcher implements ExternalEdits {
  readonly #port: ExternalEditsPort;
  readonly #dirty: DirtyFiles;
  readonly #folders: FolderWatch;
  readonly #rescan: Rescan;
  readonly #keeper: Keeper;
  readonly #stateListeners = new Set<(state: WatchState) => void>();
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  /** Files that cannot be records as they stand, given time; what ends the wait. */
  readonly #faulty = new Map<string, () => void>();
  readonly #missing: MissingFilesHeld;
  /** What became of files that cannot be put right: not touched again before they change. */
  readonly #givenUp = new Map<string, number>();
  readonly #crowded = new Set<string>();
  /** Folders of days, months or years that came, went or were replaced. */
  readonly #touched = new Map<string, { readonly collection: CollectionName; readonly prefix: string }>();
  readonly #cancels = new Set<() => void>();
  #days: readonly RecentDay[] = [];
  #work: Promise<void> = Promise.resolve();
  #waits = 0;
  #cancelRewatch: (() => void) | undefined;
  #trouble: string | undefined;
  #isStopped = false;

  constructor(port: ExternalEditsPort) {
    const { after, delays, slices, random } = port;
    const { fs, root, tables, clock } = port.parts;
    this.#port = port;
    const now = (): number => performance.now();
    this.#dirty = createDirtyFiles({ after, now, delays, onQuiet: (files) => this.#later(() => this.#look(files)) });
    this.#folders = createFolderWatch({
      fs,
      onHint: (folder, name) => this.#onHint(folder, name),
      onError: (error) => this.#onWatchError(error),
      ...(port.isPolling !== undefined && { isPolling: port.isPolling }),
    });
    this.#rescan = createRescan({ fs, root, tables, slices, trustedBeforeMs: port.trustedBeforeMs });
    this.#keeper = createKeeper(port);
    this.#missing = createMissingFilesHeld({
      after: (ms, work) => this.#after(ms, work),
      delays,
      fileCount: () => fileCount(tables.values()),
      onChange: () => this.#tellState(),
      onOverdue: () => void this.#later(() => this.#judgeMissing()),
    });
    this.#rewatch();
    const schedule = createSchedule({
      after,
      random,
      clock,
      delays,
      months: () => this.#rescan.months(),
      scan: (prefixes) => prefixes.forEach((prefix) => void this.rescan(prefix)),
      full: () => this.#later(() => this.#keeper.keepAll()),
    });
    this.#cancels.add(() => schedule.stop());
    this.#cancels.add(
      port.onContested((contested, kept) => void this.#later(() => this.#takeContested(contested, kept))),
    );
  }

  get state(): WatchState {
    if (this.#missing.isHeld) {
      const missing = this.#missing.files;
      const reason = `${missing.length} files are missing; nothing is deleted before you say so`;
      return { state: 'held', missing, reason };
    }
    if (this.#trouble !== undefined) return { state: 'rescanning', reason: this.#trouble };
    return { state: 'watching', folders: this.#folders.size };
  }

  ready(): Promise<void> {
    return this.#folders.ready();
  }

  onState(listener: (state: WatchState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => void this.#noticeListeners.delete(listener);
  }

  isUnsettled(file: DataFile): boolean {
    return this.#dirty.has(file) || this.#faulty.has(keyOf(file));
  }

  hint(file: DataFile): void {
    if (!this.#isStopped) this.#dirty.mark(file);
  }

  rescan(prefix: string): Promise<void> {
    return this.#later(async () => {
      if (this.#port.isThere()) this.#rewatch();
      await this.#compare(prefix);
    });
  }

  async confirmDeletions(): Promise<void> {
    await this.#delete(this.#missing.files);
  }

  async restoreMissing(): Promise<readonly DataFile[]> {
    const { files } = this.#missing;
    const notices = await this.#port.run(() => restoreMissing(this.#port, files));
    const lost = notices.filter(({ kind }) => kind === 'lost').map(({ file }) => file);
    for (const file of files) if (!lost.includes(file)) this.#found(file);
    for (const notice of notices) this.#tell(notice);
    return lost;
  }

  async idle(): Promise<void> {
    while (this.#dirty.size > 0 || this.#waits > 0) {
      await this.#work;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#dirty.stop();
    this.#keeper.stop();
    this.#cancelRewatch?.();
    this.#missing.stop();
    for (const cancel of [...this.#cancels, ...this.#faulty.values()]) cancel();
    await this.#folders.close();
    await this.#work;
  }

  /** One thing after another; a failure is tried again by those that know what failed. */
  #later(work: () => Promise<void>): Promise<void> {
    this.#waits += 1;
    const run = this.#work.then(async () => {
      if (!this.#isStopped) await work();
    });
    this.#work = run
      .catch((error: unknown) => this.#port.parts.log.warn('external edits: a step failed', { error: String(error) }))
      .finally(() => (this.#waits -= 1));
    return this.#work;
  }

  #after(ms: number, work: () => void): () => void {
    const cancel = this.#port.after(ms, () => {
      this.#cancels.delete(cancel);
      if (!this.#isStopped) work();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  #onHint(folder: string, name: string | null): void {
    if (this.#isStopped) return;
    const { root, tables } = this.#port.parts;
    const place = relative(root, folder).split(sep);
    const [data, collection = '', ...date] = place;
    if (data === layout.data && isCollectionName(collection) && date.length === 3 && name !== null) {
      const table = tables.get(collection);
      if (table && isRecordFile(table, name)) this.#mark({ collection, path: `${date.join('/')}/${name}` });
      return;
    }
    const prefix = [...date, name ?? ''].filter(Boolean).join('/');
    if (data === layout.data && isCollectionName(collection) && /^\d{4}(?:\/\d\d){0,2}$/.test(prefix)) {
      this.#touched.set(`${collection}/${prefix}`, { collection, prefix });
    }
    // Our own bookkeeping changes all the time; a marker or a folder that comes or goes is what matters.
    if (name === null || !/^[_.]/.test(name) || name === layout.marker) this.#rewatchSoon();
  }

  #mark(file: DataFile): void {
    if (this.#dirty.size < MAX_WAITING) return this.#dirty.mark(file);
    const day = `${file.collection}/${file.path.slice(0, 'YYYY/MM/DD'.length)}`;
    if (this.#crowded.has(day)) return;
    this.#crowded.add(day);
    this.#after(this.#port.delays.quietMs * 5, () => {
      this.#crowded.delete(day);
      void this.#later(() => this.#compare(day.slice(file.collection.length + 1), file.collection));
    });
  }

  async #compare(prefix: string, collection?: CollectionName): Promise<void> {
    if (!this.#port.isThere()) return;
    const found = await this.#rescan.run(prefix, collection);
    // What somebody may be writing just now is left to come to rest.
    await this.#look(found.filter((file) => !this.#dirty.has(file)));
  }

  #rewatchSoon(): void {
    this.#cancelRewatch?.();
    this.#cancelRewatch = this.#after(this.#port.delays.quietMs, () => {
      void this.#later(() => this.#followFolders());
    });
  }

  async #followFolders(): Promise<void> {
    if (!this.#port.isThere()) {
      this.#after(this.#port.delays.retryMs, () => this.#rewatchSoon());
      return;
    }
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    for (const { collection, day } of this.#rewatch()) await this.#compare(day, collection);
    for (const { collection, prefix } of touched) await this.#compare(prefix, collection);
  }

  /** Watches the folders that are to be watched now. Returns days that came, went, or are another folder than before. */
  #rewatch(): readonly RecentDay[] {
    const { fs, root, tables } = this.#port.parts;
    const before = this.#days;
    this.#days = recentDays(fs, root, tables.keys());
    const fresh = new Set(this.#folders.set(watchedFolders(fs, root, tables.keys(), this.#days)));
    const now = new Set(this.#days.map(({ path }) => path));
    return [...this.#days.filter(({ path }) => fresh.has(path)), ...before.filter(({ path }) => !now.has(path))];
  }

  #onWatchError(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#port.parts.log.warn('watching failed; folders are compared now and then instead', { error: reason });
    if (this.#trouble === undefined) {
      this.#trouble = reason;
      this.#tellState();
    }
  }

  async #look(files: readonly DataFile[]): Promise<void> {
    for (const file of files) {
      if (this.#isStopped) return;
      await this.#lookAt(file, false);
    }
  }

  async #lookAt(file: DataFile, isFinal: boolean): Promise<void> {
    try {
      if (await this.#isAsKnown(file)) return this.#found(file);
      if (this.#isGivenUp(file)) return;
      // A vault that is away has no missing files; the health of the vault says so, and it is looked at again.
      if (!this.#port.isThere()) throw new Error('the vault is not there');
      this.#settle(file, await this.#port.run(() => inspect(this.#port, file, isFinal)));
    } catch (error) {
      if (this.#isStopped) return;
      this.#port.parts.log.warn('a file could not be looked at', { file: keyOf(file), error: String(error) });
      this.#after(this.#port.delays.retryMs, () => this.#dirty.mark(file));
    }
  }

  /** Most events are about our own writes: what has the content that the index expects is done with. */
  async #isAsKnown({ collection, path }: DataFile): Promise<boolean> {
    const { parts, slices } = this.#port;
    const table = parts.tables.get(collection);
    const known = table && knownAt(table, path);
    return known !== undefined && holds(parts.fs, absolutePath(parts.root, collection, path), known.expected, slices);
  }

  #isGivenUp(file: DataFile): boolean {
    const { fs, root } = this.#port.parts;
    const givenUp = this.#givenUp.get(keyOf(file));
    return givenUp !== undefined && fs.stat(absolutePath(root, file.collection, file.path))?.modifiedMs === givenUp;
  }

  #settle(file: DataFile, finding: Finding): void {
    const key = keyOf(file);
    switch (finding.kind) {
      case 'same':
        return this.#found(file);
      case 'taken':
        this.#found(file);
        return this.#tell({ kind: 'taken', file, reason: 'changed by another program', isRestorable: true });
      case 'busy':
        return this.#dirty.mark(file);
      case 'faulty':
        this.#found(file);
        this.#faulty.set(
          key,
          this.#after(this.#port.delays.midSaveMs, () => this.#giveUp(file)),
        );
        return;
      case 'set-aside':
        this.#found(file);
        if (!finding.notice.isRestorable) this.#rememberGivenUp(file);
        return this.#tell(finding.notice);
      case 'missing':
        this.#forgetFault(key);
        this.#missing.add(file, finding.isFolderThere);
    }
  }

  #rememberGivenUp(file: DataFile): void {
    const { fs, root } = this.#port.parts;
    const stat = fs.stat(absolutePath(root, file.collection, file.path));
    if (stat) this.#givenUp.set(keyOf(file), stat.modifiedMs);
  }

  #giveUp(file: DataFile): void {
    this.#faulty.delete(keyOf(file));
    if (!this.#dirty.has(file)) void this.#later(() => this.#lookAt(file, true));
  }

  #forgetFault(key: string): void {
    this.#faulty.get(key)?.();
    this.#faulty.delete(key);
  }

  /** The file is there, whatever it holds. */
  #found(file: DataFile): void {
    const key = keyOf(file);
    this.#forgetFault(key);
    this.#givenUp.delete(key);
    this.#missing.remove(file);
  }

  async #judgeMissing(): Promise<void> {
    if (this.#port.isThere()) await this.#delete(this.#missing.judge());
  }

  async #delete(files: readonly DataFile[]): Promise<void> {
    if (files.length === 0) return;
    const notices = await this.#port.run(() => deleteMissing(this.#port, files));
    for (const file of files) this.#missing.remove(file);
    for (const notice of notices) this.#tell(notice);
  }

  async #takeContested(contested: Contested, kept: string): Promise<void> {
    const notice = await this.#port.run(() => takeContested(this.#port, contested, kept));
    if (notice) this.#tell(notice);
  }

  #tell(notice: Notice): void {
    for (const listener of this.#noticeListeners) listener(notice);
  }

  #tellState(): void {
    for (const listener of this.#stateListeners) listener(this.state);
  }
}
