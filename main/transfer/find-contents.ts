import { unknown, unreadable } from './archive/errors.ts';
import type { ArchiveFile, OpenArchive } from './archive/types.ts';
import { memoriesIn } from './formats/memories.ts';
import { isForeign } from './formats/read-values.ts';
import { formats } from './formats/registry.ts';
import type { ExportFormat } from './formats/types.ts';
import { jsonElements } from './json/json-elements.ts';
import { SplitError } from './json/split-json.ts';

/** A file of the archive, or one that it should have had, that is not taken over. */
export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

export interface Contents {
  /** `source.app` of everything in it. */
  readonly app: string;
  readonly title: string;
  readonly formatVersion: string;
  /** Null where the archive holds memories alone. */
  readonly format: ExportFormat | null;
  readonly conversations: readonly ArchiveFile[];
  readonly memories: readonly ArchiveFile[];
  readonly leftOut: readonly LeftOut[];
}

type Kind =
  | { readonly kind: 'conversations'; readonly format: ExportFormat; readonly version: string }
  | { readonly kind: 'memories'; readonly app: string; readonly title: string; readonly leaves: string | null }
  | { readonly kind: 'other'; readonly reason: string }
  | { readonly kind: 'damaged'; readonly error: SplitError };

/** Elements to look at before a file is taken for something else: the first ones may be empty or damaged. */
const PEEK_ELEMENTS = 50;
const PEEK_BYTES = 96 * 1024 ** 2;
/** Longer lists of names help nobody. */
const NAMED_OTHERS = 20;

/**
 * What an archive holds, judged by the shape of its JSON. Throws ARCHIVE_UNKNOWN where it holds nothing we know or exports
 * of two programs, ARCHIVE_UNREADABLE where a file of conversations is damaged from its start.
 */
export async function findContents(archive: OpenArchive): Promise<Contents> {
  const kinds = new Map<ArchiveFile, Kind>();
  for (const file of archive.files) kinds.set(file, await kindOf(file));
  const of = (kind: Kind['kind']): ArchiveFile[] => archive.files.filter((file) => kinds.get(file)?.kind === kind);
  const conversations = of('conversations');
  const memories = of('memories');
  throwIfDamaged(archive, kinds, conversations.length + memories.length === 0);
  if (conversations.length + memories.length === 0) throw nothingKnown(archive);
  const { format, version } = oneFormat(archive, kinds);
  const remembering = [...kinds.values()].find((kind) => kind.kind === 'memories');
  return {
    app: format?.app ?? remembering?.app ?? '',
    title: format?.title ?? remembering?.title ?? '',
    formatVersion: version,
    format,
    conversations,
    memories,
    leftOut: [...missingShards(archive, await listedShards(archive.files)), ...leftOut(archive, kinds)],
  };
}

async function kindOf(file: ArchiveFile): Promise<Kind> {
  let looked = 0;
  try {
    for await (const element of jsonElements(head(file))) {
      looked += 1;
      if (element.state === 'parsed' && isForeign(element.value)) {
        for (const format of formats) {
          const version = format.recognise(element.value, file.name);
          if (version !== null) return { kind: 'conversations', format, version };
        }
        const memories = memoriesIn(element.value);
        if (memories !== null) return { kind: 'memories', ...memories };
      }
      if (looked >= PEEK_ELEMENTS) break;
    }
  } catch (error) {
    if (!(error instanceof SplitError)) throw error;
    return error.message === CUT ? { kind: 'other', reason: 'it is not an export’s JSON' } : { kind: 'damaged', error };
  }
  return { kind: 'other', reason: looked === 0 ? 'it is empty' : 'it holds no conversations' };
}

const CUT = 'looked at long enough';

async function* head(file: ArchiveFile): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of file.read()) {
    yield chunk;
    bytes += chunk.length;
    if (bytes > PEEK_BYTES) throw new SplitError(bytes, CUT);
  }
}

/** A damaged file is no reason to refuse the rest, unless conversations may be in it. */
function throwIfDamaged(archive: OpenArchive, kinds: ReadonlyMap<ArchiveFile, Kind>, isAll: boolean): void {
  for (const [file, kind] of kinds) {
    if (kind.kind === 'damaged' && (isAll || /conversation/i.test(file.name))) throw damaged(archive, file, kind.error);
  }
}

/** The error for a file whose JSON cannot be followed any further. */
export function damaged(archive: OpenArchive, file: ArchiveFile, error: SplitError): Error {
  const where = file.name === archive.name ? `at byte ${error.at}` : `in “${file.name}” at byte ${error.at}`;
  return unreadable(archive.name, `its JSON is damaged: ${where}, ${error.message}`, error);
}

function nothingKnown(archive: OpenArchive): Error {
  const nested = archive.others.find((name) => /\.zip$/i.test(name));
  return nested === undefined
    ? unknown(archive.name, 'no conversations were found in it')
    : unknown(
        archive.name,
        `no conversations were found in it, only other ZIP files (“${nested}”)`,
        'Nothing was imported. Unpack it, and import the ZIP files in it one at a time.',
      );
}

function oneFormat(
  archive: OpenArchive,
  kinds: ReadonlyMap<ArchiveFile, Kind>,
): { readonly format: ExportFormat | null; readonly version: string } {
  const found = [...kinds.values()].flatMap((kind) => (kind.kind === 'conversations' ? [kind] : []));
  const [first] = found;
  if (!first) return { format: null, version: 'memories' };
  const other = found.find(({ format }) => format !== first.format);
  if (other) {
    throw unknown(
      archive.name,
      `it holds conversations of both ${first.format.title} and ${other.format.title}`,
      'Nothing was imported. Import the export of each program by itself.',
    );
  }
  return first;
}

function leftOut(archive: OpenArchive, kinds: ReadonlyMap<ArchiveFile, Kind>): LeftOut[] {
  const json = [...kinds].flatMap(([file, kind]): LeftOut[] => {
    if (kind.kind === 'other') return [{ file: file.name, reason: kind.reason }];
    if (kind.kind === 'memories' && kind.leaves !== null) return [{ file: file.name, reason: kind.leaves }];
    return kind.kind === 'damaged' ? [{ file: file.name, reason: 'its JSON is damaged' }] : [];
  });
  const others = archive.others.map((file) => ({ file, reason: 'only JSON is taken over so far' }));
  const all = [...json, ...others];
  if (all.length <= NAMED_OTHERS) return all;
  const rest = all.length - NAMED_OTHERS;
  return [
    ...all.slice(0, NAMED_OTHERS),
    { file: `${rest} more files`, reason: 'only conversations are taken over so far' },
  ];
}

/** Names of the conversation files that a ChatGPT export's manifest lists, wherever in it they stand. */
async function listedShards(files: readonly ArchiveFile[]): Promise<string[]> {
  const manifest = files.find((file) => baseName(file.name) === 'export_manifest.json' && file.bytes < 16 * 1024 ** 2);
  if (!manifest) return [];
  const chunks: Buffer[] = [];
  for await (const chunk of manifest.read()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return [...text.matchAll(/"(?:[^"\\]*\/)?(conversations[\w-]*\.json)"/g)].flatMap((match) => match[1] ?? []);
}

function missingShards(archive: OpenArchive, listed: readonly string[]): LeftOut[] {
  const present = new Set(archive.files.map((file) => baseName(file.name)));
  const missing = new Set(listed.filter((name) => !present.has(name)));
  return [...missing].map((file) => ({
    file,
    reason: 'export_manifest.json lists it, but the archive lacks it: the export is not complete',
  }));
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
