import type { CollectionName } from '../../shared/collections/registry.ts';
import type { VaultFile, VaultFileChange } from '../store/types.ts';
import type { FileListPart } from './engine.ts';

export interface KnownFile {
  readonly collection: CollectionName;
  readonly signature: string;
  readonly records: number;
}

/** A file as it was listed last. */
interface Seen {
  readonly generation: number;
  readonly records: number;
}

/**
 * Compares what is indexed with what the vault lists, and says what is to be done: files to read, newest first, and
 * files that are gone.
 */
export class FileStates {
  /** As indexed, by path. */
  readonly #known: Map<string, KnownFile>;
  readonly #seenIn = new Map<string, Seen>();
  readonly #changed = new Map<string, VaultFile>();
  #gone = new Set<string>();
  /** Paths still to be read, the next at the end. */
  #order: string[] = [];
  /** Records alive in each collection, by its last complete list. */
  readonly #listed = new Map<CollectionName, number>();
  /** The same for the list that is coming in. */
  #counting = { generation: -1, records: new Map<CollectionName, number>() };

  constructor(known: Map<string, KnownFile>) {
    this.#known = known;
  }

  /** Returns whether the list is complete with this part. */
  take(part: FileListPart): boolean {
    for (const file of part.files) {
      this.#seenIn.set(file.path, { generation: part.generation, records: file.records });
      this.#count(file, part.generation);
      this.#compare(file);
    }
    if (part.isLast) this.#finish(part);
    return part.isLast;
  }

  /** What has changed since the last complete list of its collection: found next, since somebody is at work there. */
  change(changes: readonly VaultFileChange[]): void {
    for (const { collection, path, file } of changes) {
      const seen = this.#seenIn.get(path);
      const more = (file?.records ?? 0) - (seen?.records ?? 0);
      this.#listed.set(collection, (this.#listed.get(collection) ?? 0) + more);
      if (file === null) {
        this.#seenIn.delete(path);
        this.#changed.delete(path);
        if (this.#known.has(path)) this.#gone.add(path);
      } else {
        this.#seenIn.set(path, { generation: seen?.generation ?? -1, records: file.records });
        this.#gone.delete(path);
        this.#compare(file);
        if (this.#changed.has(path)) this.#order.push(path);
      }
    }
  }

  #compare(file: VaultFile): void {
    if (this.#known.get(file.path)?.signature === file.signature) this.#changed.delete(file.path);
    else this.#changed.set(file.path, file);
  }

  /** Compares again with an index that another process has written meanwhile. */
  reload(known: ReadonlyMap<string, KnownFile>): void {
    this.#known.clear();
    for (const [path, file] of known) this.#known.set(path, file);
    for (const [path, file] of this.#changed) {
      if (known.get(path)?.signature === file.signature) this.#changed.delete(path);
    }
    this.#gone = new Set([...known.keys()].filter((path) => !this.#seenIn.has(path)));
    this.#sort();
  }

  nextChanged(): VaultFile | null {
    for (let path = this.#order.pop(); path !== undefined; path = this.#order.pop()) {
      const file = this.#changed.get(path);
      if (file) return file;
    }
    return null;
  }

  nextGone(): string | null {
    for (const path of this.#gone) return path;
    return null;
  }

  indexed(file: VaultFile): void {
    this.#known.set(file.path, { collection: file.collection, signature: file.signature, records: file.records });
    if (this.#changed.get(file.path)?.signature === file.signature) this.#changed.delete(file.path);
  }

  removed(path: string): void {
    this.#known.delete(path);
    this.#changed.delete(path);
    this.#gone.delete(path);
  }

  get isDone(): boolean {
    return this.#changed.size === 0 && this.#gone.size === 0;
  }

  coverage(): { indexed: number; total: number } {
    let total = 0;
    for (const records of this.#listed.values()) total += records;
    let missing = 0;
    for (const file of this.#changed.values()) missing += file.records;
    return { indexed: Math.max(0, total - missing), total };
  }

  #count(file: VaultFile, generation: number): void {
    if (this.#counting.generation !== generation) this.#counting = { generation, records: new Map() };
    const { records } = this.#counting;
    records.set(file.collection, (records.get(file.collection) ?? 0) + file.records);
  }

  #finish({ collections, generation }: FileListPart): void {
    const counted =
      this.#counting.generation === generation ? this.#counting.records : new Map<CollectionName, number>();
    for (const name of collections) this.#listed.set(name, counted.get(name) ?? 0);
    const isListed = (path: string): boolean => this.#seenIn.get(path)?.generation === generation;
    for (const [path, { collection }] of this.#known) {
      if (!collections.includes(collection)) continue;
      if (isListed(path)) this.#gone.delete(path);
      else this.#gone.add(path);
    }
    for (const [path, { collection }] of this.#changed) {
      if (collections.includes(collection) && !isListed(path)) this.#changed.delete(path);
    }
    for (const path of this.#gone) this.#seenIn.delete(path);
    this.#sort();
  }

  /** Titles first, then the newest days: what people look for first is there first. */
  #sort(): void {
    this.#order = [...this.#changed.values()]
      .map(({ path, collection }) => ({ path, sortKey: `${collection === 'conversations' ? 1 : 0}${dayIn(path)}` }))
      .sort((a, b) => (a.sortKey < b.sortKey ? -1 : a.sortKey > b.sortKey ? 1 : 0))
      .map(({ path }) => path);
  }
}

/** `YYYY/MM/DD` in a data file's path. */
function dayIn(path: string): string {
  return path.split('/').slice(-4, -1).join('/');
}
