/**
 * Faults put into the store on purpose, each a change of its source text (reliability.md §4.7). The enumeration of
 * crashes or the loop of failing calls has to find each, else it proves nothing.
 */
export interface Mutant {
  readonly name: string;
  /** Below main/store/. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
  /** What is run; the crashes unless said otherwise. */
  readonly by?: 'faults';
  /** How many workloads are tried; 12 unless said otherwise. */
  readonly seeds?: number;
  /** Why nothing can find it; absent: it must be found. */
  readonly equivalent?: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledged before the log is flushed',
    file: 'log/write-ahead-log.ts',
    from: "if (this.#place.policy === 'safe') segment.handle.sync();",
    to: "if (this.#place.policy === 'safe') void 0;",
  },
  {
    name: 'acknowledged before the log is written',
    file: 'journal.ts',
    from: 'settled: () => latest,',
    to: 'settled: () => Promise.resolve(),',
  },
  {
    name: 'records’ files not synced at a checkpoint',
    file: 'durable-write.ts',
    from: 'await fs.syncAll(files);',
    to: '',
  },
  {
    name: 'their folders not synced at a checkpoint',
    file: 'durable-write.ts',
    from: 'await fs.syncAll(unsynced.folders);',
    to: '',
  },
  {
    name: 'old segments removed before the files are safe',
    file: 'checkpoint.ts',
    from: 'await writeFiles(pending.take());',
    to: 'log.dropUpTo(last); await writeFiles(pending.take());',
  },
  {
    name: 'a checkpoint that its own flush calls for runs beside it',
    file: 'checkpoint.ts',
    from: 'running = Promise.resolve().then(run);',
    to: 'running = run();',
  },
  {
    name: 'the checkpoint’s mark written before the files are safe',
    file: 'checkpoint.ts',
    from: 'await writeFiles(pending.take());',
    to: 'port.remember(last); await writeFiles(pending.take());',
  },
  {
    name: 'no checksum in the log',
    file: 'log/frame.ts',
    from: "if (crc32(body) !== Number.parseInt(match[2] ?? '', 16)) return { kind: 'bad', offset };",
    to: '',
  },
  {
    name: 'a torn tail taken for an entry',
    file: 'log/frame.ts',
    from: "if (stop >= bytes.length || bytes[stop] !== NEWLINE) return { kind: 'bad', offset };",
    to: "if (crc32(bytes.subarray(start, stop)) >= 0) return { kind: 'frame', offset, end: Math.min(stop + 1, bytes.length), json: bytes.toString('utf8', start, Math.min(stop, bytes.length)) };",
  },
  {
    name: 'commit without a log: temporary file, fsync, rename only',
    file: 'committer.ts',
    from: '    commit(batch) {\n',
    to: '    commit(batch) {\n      if (batch.operations.length > 0) return this.commitDirectly(batch);\n',
  },
  {
    name: 'a new segment’s name not synced',
    file: 'log/write-ahead-log.ts',
    from: '      fs.syncFolder(folder);\n    } catch (error) {\n      // Its name',
    to: '    } catch (error) {\n      // Its name',
  },
  {
    name: 'files that were being written are believed as they stand',
    seeds: 60,
    file: 'vault.ts',
    from: '  setAsideTorn({',
    to: '  if (Date.now() < 0) setAsideTorn({',
  },
  {
    name: 'deleted bodies not safe in the trash before the original goes',
    file: 'record-writer.ts',
    from: 'this.#trash = createDurableWriter(fs, root);',
    to: 'this.#trash = createDurableWriter(fs, root, later);',
  },
  {
    name: 'an import’s files not synced before its mark goes',
    file: 'ingest.ts',
    from: '    await syncAll(fs, later);\n',
    to: '',
  },
  {
    name: 'a refusal leaves memory as if it had been accepted',
    by: 'faults',
    file: 'journal.ts',
    from: 'for (const { undo } of flushed.entries.toReversed()) undo();',
    to: '',
  },
  {
    name: 'a short write goes unnoticed',
    by: 'faults',
    file: 'durable-write.ts',
    from: 'if (!fs.readFile(beside).equals(bytes)) {',
    to: 'if (bytes.length < 0) {',
  },
  {
    name: 'replay trusts a revision without its checksum',
    file: 'replay.ts',
    from: ' && isIntact(held)',
    to: '',
    equivalent: 'what fails its checksum in a file that was being written was set aside before (torn-files.ts)',
  },
];
