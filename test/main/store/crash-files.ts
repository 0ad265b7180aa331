import { canonicalJson } from '../../../main/lib/canonical-json.ts';
import { APP_FILE, type State, bodyOf, byId, collections, stateText } from './crash-workload.ts';

/**
 * Reads a vault's files as a person's script would, knowing nothing of Almanac but its file format: an opinion on what
 * the disk holds that shares no code with the store.
 */
type Fields = Readonly<Record<string, unknown>>;
type Files = ReadonlyMap<string, Buffer>;

const DATA = '/vault/data/';
const TRASH = '/vault/_trash/';
const QUARANTINE = '/vault/_quarantine/';

/** The state that the files alone tell. Throws where a file under a record's name is not whole. */
export function stateInFiles(files: Files): State {
  const records = new Map<string, Map<string, Fields>>(collections.map((name) => [name, new Map()]));
  for (const [path, bytes] of files) {
    const [collection = '', ...rest] = path.startsWith(DATA) ? path.slice(DATA.length).split('/') : [];
    const held = records.get(collection);
    // Day folders are three deep; what stands higher is the store's own.
    if (!held || rest.length !== 4) continue;
    if (path.endsWith('.json') || path.endsWith('.ndjson')) collect(held, path, linesOf(path, bytes));
  }
  const app = files.get(`/vault/_${APP_FILE}.json`);
  const sorted = collections.map((name) => [...(records.get(name)?.values() ?? [])].sort(byId));
  return stateText(sorted, app ? (JSON.parse(app.toString('utf8')) as unknown) : null);
}

/** A later line stands for an earlier one of its id; a deletion ends it. */
function collect(held: Map<string, Fields>, path: string, lines: readonly Fields[]): void {
  const inFile = new Map<string, Fields>();
  for (const line of lines) {
    const id = String(line['id']);
    if ((line['_meta'] as Fields | undefined)?.['del']) inFile.delete(id);
    else inFile.set(id, line);
  }
  for (const [id, line] of inFile) {
    if (held.has(id)) throw new Error(`${path}: a second place for ${id}`);
    held.set(id, line);
  }
}

/** What the trash and the quarantine keep: bodies of records, under the trash batch's name or as set aside. */
export function keptBodies(files: Files): Set<string> {
  const kept = new Set<string>();
  for (const [path, bytes] of files) {
    const [batch = '', collection = ''] = path.startsWith(TRASH) ? path.slice(TRASH.length).split('/') : ['', ''];
    if (batch !== '') for (const line of readableLines(bytes)) kept.add(trashKey(batch, collection, line));
    else if (path.startsWith(QUARANTINE) && path.endsWith('.bin'))
      for (const line of readableLines(bytes)) kept.add(asideKey(line));
  }
  return kept;
}

export function trashKey(batch: string, collection: string, record: Fields): string {
  return `${batch}/${collection} ${canonicalJson(bodyOf(record))}`;
}

export function asideKey(record: Fields): string {
  return `aside ${canonicalJson(bodyOf(record))}`;
}

const readable = new WeakMap<Buffer, readonly Fields[]>();

/** A file that holds one record, or one a line. What is deleted again after a power cut may stand behind its first, torn copy. */
function readableLines(bytes: Buffer): readonly Fields[] {
  const known = readable.get(bytes);
  if (known) return known;
  const text = bytes.toString('utf8');
  const lines = [text, ...text.split('\n')].flatMap((part): Fields[] => {
    try {
      const value = JSON.parse(part) as unknown;
      return typeof value === 'object' && value !== null ? [value as Fields] : [];
    } catch {
      return [];
    }
  });
  readable.set(bytes, lines);
  return lines;
}

/** Images of one run share most of their bytes, which are never changed in place. */
const parsed = new WeakMap<Buffer, readonly Fields[]>();

function linesOf(path: string, bytes: Buffer): readonly Fields[] {
  const known = parsed.get(bytes);
  if (known) return known;
  const lines = parse(path, bytes);
  parsed.set(bytes, lines);
  return lines;
}

function parse(path: string, bytes: Buffer): readonly Fields[] {
  const text = bytes.toString('utf8');
  try {
    if (!path.endsWith('.ndjson')) return [JSON.parse(text) as Fields];
    if (!text.endsWith('\n')) throw new Error('no end of line at its end');
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => JSON.parse(line) as Fields);
  } catch (error) {
    throw new Error(`${path} is half-written: ${String(error)}`, { cause: error });
  }
}
