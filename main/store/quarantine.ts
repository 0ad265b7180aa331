import { basename, join } from 'node:path';
import { type Clock, isoNow } from '../lib/clock.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Log } from '../lib/log.ts';
import { createDurableWriter } from './durable-write.ts';
import type { FsPort } from './fs-port.ts';
import { layout } from './layout.ts';
import type { QuarantinedFile } from './types.ts';

/** Where bytes go that cannot be read as records: a copy `<id>.bin` and its story `<id>.json`. Nothing is ever thrown away here. */
export interface Quarantine {
  list(): readonly QuarantinedFile[];
  /** Moves a whole file out of the data. */
  takeFile(path: string, origin: string, reason: string): void;
  /** Keeps a copy of bytes that the caller then removes from their file. Gives its id. */
  takeBytes(bytes: Uint8Array, origin: string, reason: string): string;
  /** Its bytes stand elsewhere by now. */
  drop(id: string): void;
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
}

function readList(fs: FsPort, folder: string): QuarantinedFile[] {
  if (fs.stat(folder)?.kind !== 'folder') return [];
  const stories = fs.readFolder(folder).filter((entry) => entry.kind === 'file' && entry.name.endsWith('.json'));
  return stories.flatMap(({ name }) => {
    try {
      const story = JSON.parse(fs.readFile(join(folder, name)).toString('utf8')) as Omit<QuarantinedFile, 'id'>;
      return [{ ...story, id: basename(name, '.json') }];
    } catch {
      return []; // its bytes are still in the folder; only the story is lost
    }
  });
}

function newEntry(bytes: Uint8Array, origin: string, reason: string, clock: Clock): QuarantinedFile {
  const at = isoNow(clock);
  const slug = reason
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return {
    id: `${at.replaceAll(/[:.]/g, '')}-${slug}-${sha256Hex(`${origin}\n${sha256Hex(bytes)}`).slice(0, 16)}`,
    origin,
    reason,
    at,
  };
}

/** The owner's quarantine: writes. */
export function createQuarantine({ fs, root, clock, log }: Port): Quarantine {
  const folder = join(root, layout.quarantine);
  let entries: readonly QuarantinedFile[] = [];
  /** When the folder had last changed as it was read; undefined: read it again. A person may move things, too. */
  let seenMs: number | undefined;

  function list(): readonly QuarantinedFile[] {
    const changedMs = fs.stat(folder)?.modifiedMs ?? 0;
    if (changedMs !== seenMs) [entries, seenMs] = [readList(fs, folder), changedMs];
    return entries;
  }

  function keep(entry: QuarantinedFile, bytes: (target: string) => void): void {
    const { id, ...story } = entry;
    const writer = createDurableWriter(fs, root);
    // The story first: bytes without one would not be listed.
    writer.write(join(folder, `${id}.json`), Buffer.from(`${JSON.stringify(story, null, 2)}\n`));
    bytes(join(folder, `${id}.bin`));
    writer.syncFolders();
    seenMs = undefined;
    log.warn('set a file aside', { origin: entry.origin, reason: entry.reason });
  }

  return {
    list,
    takeFile: (path, origin, reason) => {
      const writer = createDurableWriter(fs, root);
      keep(newEntry(fs.readFile(path), origin, reason, clock), (target) => writer.move(path, target));
      writer.syncFolders();
    },
    takeBytes: (bytes, origin, reason) => {
      const writer = createDurableWriter(fs, root);
      const entry = newEntry(bytes, origin, reason, clock);
      keep(entry, (target) => writer.write(target, bytes));
      writer.syncFolders();
      return entry.id;
    },
    drop: (id) => {
      for (const name of [`${id}.bin`, `${id}.json`]) if (fs.stat(join(folder, name))) fs.unlink(join(folder, name));
      fs.syncFolder(folder);
      seenMs = undefined;
    },
  };
}

/** A reader's quarantine: remembers what it could not read, and touches nothing. */
export function createQuarantineView({ fs, root, clock }: Port): Quarantine {
  const entries = readList(fs, join(root, layout.quarantine));
  const note = (origin: string, reason: string): string => {
    const entry = newEntry(new Uint8Array(), origin, reason, clock);
    entries.push(entry);
    return entry.id;
  };
  return {
    list: () => entries,
    takeFile: (_path, origin, reason) => void note(origin, reason),
    takeBytes: (_bytes, origin, reason) => note(origin, reason),
    drop: () => undefined,
  };
}
