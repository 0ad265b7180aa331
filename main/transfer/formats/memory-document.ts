import { LEAST_STORED } from '../../../shared/memory/least-confidence.ts';
import { DOCUMENT_KINDS } from '../../../shared/memory/profile-document.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { MemoryFile, ParsedMemory } from './parsed-memory.ts';
import { readTime } from './read-time.ts';
import { isEmpty, isForeign, listAt, objectAt, textAt, without } from './read-values.ts';
import type { Foreign } from './types.ts';

const TIMES = ['added_at', 'last_confirmed_at', 'last_observed'];
const COUNTS = ['confirmation_count', 'observation_count'];
const FLAGS = ['is_confirmed', 'pinned'];
const NAMED = [...TIMES, ...COUNTS, ...FLAGS, '_id', 'type', 'confidence', 'domain'];

/** A profile document of seed 004, as `memory export` writes it and other assistants keep it. Null for anything else. */
export function documentMemories(value: unknown): MemoryFile | null {
  if (!isForeign(value)) return null;
  const embedded = objectAt(value, 'creative_profile');
  if (!DOCUMENT_KINDS.some(({ list }) => Array.isArray(embedded[list]))) return null;
  const owner = [textAt(value, 'user_id') ?? '', textAt(value, 'guild_id') ?? ''].join('/');
  const others = ['preferences', 'domains'].filter((name) => !isNothing(embedded[name]));
  return {
    app: 'memory-document',
    title: 'a memory document',
    memories: DOCUMENT_KINDS.flatMap((kind) =>
      listAt(embedded, kind.list).flatMap((each) => (isForeign(each) ? memoryOf(each, kind, owner) : [])),
    ),
    leaves: others.length === 0 ? null : `its ${others.join(' and ')} are not taken over`,
  };
}

function memoryOf(from: Foreign, kind: (typeof DOCUMENT_KINDS)[number], owner: string): ParsedMemory[] {
  const text = textAt(from, kind.text);
  if (text === null || text.trim() === '') return [];
  const id = idOf(from['_id']);
  return [
    {
      sourceId: `${owner}/${id ?? sha256Hex(`${kind.type}\n${text}`)}`,
      keptId: id,
      type: kind.type,
      text,
      confidence: confidenceOf(from['confidence']),
      facts: factsOf(from),
      raw: without(from, kind.text, ...NAMED),
    },
  ];
}

function factsOf(from: Foreign): Foreign {
  const entries: [string, unknown][] = [];
  for (const name of TIMES) entries.push([name, timeOf(from[name])]);
  for (const name of COUNTS)
    entries.push([name, Number.isInteger(from[name]) && Number(from[name]) > 0 ? from[name] : null]);
  entries.push(['domain', textAt(from, 'domain')]);
  for (const name of FLAGS) entries.push([name, typeof from[name] === 'boolean' ? from[name] : null]);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function confidenceOf(value: unknown): number {
  return typeof value === 'number' && value >= LEAST_STORED && value <= 1 ? value : LEAST_STORED;
}

/** Also as MongoDB writes it into JSON: `{ $date }`, `{ $oid }`. */
function timeOf(value: unknown): string | null {
  return readTime(isForeign(value) ? value['$date'] : value);
}

function idOf(value: unknown): string | null {
  const id = isForeign(value) ? value['$oid'] : value;
  return typeof id === 'string' && id !== '' && id.length <= 200 ? id : null;
}

function isNothing(value: unknown): boolean {
  return !isForeign(value) && !Array.isArray(value) ? true : Array.isArray(value) ? value.length === 0 : isEmpty(value);
}
