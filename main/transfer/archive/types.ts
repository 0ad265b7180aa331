/** A file in an archive that may hold JSON. */
export interface ArchiveFile {
  /** With `/`, relative to the archive; for people and for ordering. */
  readonly name: string;
  /** Uncompressed, as declared; checked while reading. */
  readonly bytes: number;
  /**
   * The file's bytes. Throws ARCHIVE_UNREADABLE where they are not what was declared (size, checksum).
   * Leaving the loop early closes it.
   */
  read(): AsyncIterable<Buffer>;
}

/** A ZIP, a folder or a single file, checked as a whole before anything in it is read. */
export interface OpenArchive {
  readonly name: string;
  /** Files that may hold JSON, in natural order of their names. */
  readonly files: readonly ArchiveFile[];
  /** Names of the files that are something else: pictures, sounds, web pages. */
  readonly others: readonly string[];
  close(): Promise<void>;
}

export interface ArchiveLimits {
  readonly maxEntries: number;
  /** Of the JSON files together, uncompressed. */
  readonly maxJsonBytes: number;
  readonly maxNameLength: number;
  readonly maxPathDepth: number;
  /** Compression beyond this is refused, once a file is larger than `ratioFromBytes`. Deflate can reach 1032. */
  readonly maxEntryRatio: number;
  readonly maxTotalRatio: number;
  readonly ratioFromBytes: number;
}

/** A real export of 2 GB has some ten thousand entries, JSON at 3:1 to 20:1, and lies far inside these. */
export const archiveLimits: ArchiveLimits = {
  maxEntries: 200_000,
  maxJsonBytes: 64 * 1024 ** 3,
  maxNameLength: 1024,
  maxPathDepth: 32,
  maxEntryRatio: 200,
  maxTotalRatio: 100,
  ratioFromBytes: 16 * 1024 ** 2,
};
