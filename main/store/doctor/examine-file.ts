import type { CollectionDefinition } from '../../../shared/collections/define.ts';
import type { Finding } from '../../../shared/ipc/upkeep.ts';
import { encodeDocument, encodeLine } from '../encode.ts';
import { documentPath, layout, logPath } from '../layout.ts';
import { type LogLine, logLines } from '../log-lines.ts';
import { isIntact } from '../../records/meta.ts';
import { parseRecord } from '../parse-record.ts';
import { streamOf } from '../row.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { TimeSlices } from '../time-slices.ts';
import { finding } from './finding.ts';

/** What one data file holds and what is wrong with it by itself, whatever the index says. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** Ids of records that are alive in it. */
  readonly alive: ReadonlySet<string>;
  /** Ids of those whose checksum does not fit, in their last version. */
  readonly edited: readonly string[];
}

interface DataFile {
  readonly definition: CollectionDefinition;
  /** Inside the collection's folder. */
  readonly path: string;
  readonly bytes: Buffer;
}

export async function examineFile(file: DataFile, slices: TimeSlices): Promise<Examined> {
  return file.definition.kind === 'log' ? examineLog(file, slices) : examineDocument(file);
}

function examineDocument({ definition, path, bytes }: DataFile): Examined {
  const at = `${layout.data}/${definition.name}/${path}`;
  const parsed = parseRecord(bytes);
  if (parsed.kind === 'damaged') return none(finding('file-damaged', at, `The file cannot be read: ${parsed.reason}.`));
  if (parsed.kind === 'foreign')
    return none(finding('file-foreign', at, 'Another program or a person wrote this file; it is no record yet.'));
  const { record } = parsed;
  const findings: Finding[] = [];
  const usual = documentPath(record.id, record.created_at);
  if (usual !== path) findings.push(finding('file-misplaced', at, `By its id and date this file belongs to ${usual}.`));
  const hasSum = isIntact(record);
  if (!hasSum) findings.push(finding('checksum', at, 'The record was changed without Almanac: its checksum differs.'));
  else if (!encodeDocument(record).equals(bytes))
    findings.push(finding('layout-changed', at, 'The file was written anew by another program.'));
  findings.push(...schemaFindings(definition, record, at));
  return { findings, alive: new Set([record.id]), edited: hasSum ? [] : [record.id] };
}

function none(...findings: Finding[]): Examined {
  return { findings, alive: new Set(), edited: [] };
}

function schemaFindings(definition: CollectionDefinition, record: StoredRecord, at: string): Finding[] {
  const { _meta, ...body } = record;
  const parsed = definition.schema.safeParse(body);
  if (parsed.success) return [];
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  return [
    finding(
      'schema',
      at,
      `The record ${record.id} is not as ${definition.name} should be: ${field} ${issue?.message}.`,
    ),
  ];
}

/** One finding for all lines of a file that have the same fault: a damaged disk would make thousands. */
class LineFaults {
  readonly #faults = new Map<Finding['code'], { count: number; readonly line: number; readonly message: string }>();

  add(code: Finding['code'], line: number, message: string): void {
    const known = this.#faults.get(code);
    if (known) known.count += 1;
    else this.#faults.set(code, { count: 1, line, message });
  }

  findings(at: string): Finding[] {
    return [...this.#faults].map(([code, { count, line, message }]) =>
      finding(code, at, count === 1 ? `Line ${line}: ${message}.` : `${count} lines, the first is line ${line}: ${message}.`)); // prettier-ignore
  }
}

async function examineLog({ definition, path, bytes }: DataFile, slices: TimeSlices): Promise<Examined> {
  const at = `${layout.data}/${definition.name}/${path}`;
  const faults = new LineFaults();
  const last = new Map<string, StoredRecord>();
  let number = 0;
  for (const line of logLines(bytes)) {
    number += 1;
    const text = bytes.subarray(line.offset, line.offset + line.length);
    const record = examineLine(definition, path, line, text, (code, message) => faults.add(code, number, message));
    if (record) last.set(record.id, record);
    await slices.pause();
  }
  const findings = faults.findings(at);
  const alive = [...last.values()].filter((record) => !record._meta.del);
  for (const record of alive) findings.push(...schemaFindings(definition, record, at).slice(0, 1));
  const edited = alive.filter((record) => !isIntact(record)).map(({ id }) => id);
  return { findings, alive: new Set(alive.map(({ id }) => id)), edited };
}

function examineLine(
  definition: CollectionDefinition,
  path: string,
  { parsed, torn }: LogLine,
  text: Buffer,
  fault: (code: Finding['code'], message: string) => void,
): StoredRecord | undefined {
  if (torn) fault('line-torn', 'it has no end, so it was cut short');
  if (parsed.kind === 'damaged') {
    if (!torn) fault('line-damaged', `it cannot be read: ${parsed.reason}`);
    return undefined;
  }
  if (parsed.kind === 'foreign') {
    fault('file-foreign', 'another program or a person wrote it; it is no record yet');
    return undefined;
  }
  const { record } = parsed;
  const usual = logPath(streamOf(definition, record), record.created_at);
  if (usual !== path) fault('file-misplaced', `by its stream and date it belongs to ${usual}`);
  if (!isIntact(record)) fault('checksum', 'it was changed without Almanac: its checksum differs');
  else if (!torn && !encodeLine(record).equals(text)) fault('layout-changed', 'it was written anew by another program');
  return record;
}
