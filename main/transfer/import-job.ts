import type { ImportPlan, PlanRow } from '../../shared/ipc/models.ts';
import type { Archive } from './types.ts';
import { unreadable } from './archive/errors.ts';
import { openArchive } from './archive/open-archive.ts';
import type { ArchiveFile, OpenArchive } from './archive/types.ts';
import { checkRecord } from './check-record.ts';
import { chooseId } from './choose-id.ts';
import { damaged, findContents, type Contents, type LeftOut } from './find-contents.ts';
import type { RecordRef } from './earlier-state.ts';
import { memoriesIn } from './formats/memories.ts';
import { isForeign, textAt } from './formats/read-values.ts';
import type { Foreign } from './formats/types.ts';
import { sha256Hex } from '../lib/hash.ts';
import { jsonElements } from './json/json-elements.ts';
import { SplitError } from './json/split-json.ts';
import type { IdState, Lookup, StoredConversation } from './lookup.ts';
import {
  changedMessages,
  isNewer,
  isSame,
  planCreate,
  planSkip,
  planUpdate,
  type ConversationPlan,
} from './plan-conversation.ts';
import { planMemory } from './plan-memory.ts';
import { SeenConversations } from './seen-conversations.ts';
import { Tally, type MemoryCounts } from './tally.ts';
import { toRecords, type MappedConversation } from './to-records.ts';

export interface ImportJob {
  readonly archive: Archive;
  readonly importId: string;
  /** Time of last resort for records without one. */
  readonly importedAt: string;
}

export interface JobPorts {
  readonly lookup: Lookup;
  /** Called once the archive has been judged, with the bytes of JSON in it, before anything is put. */
  readonly onContents: (jsonBytes: number) => Promise<void>;
  /** Takes a record to write; a dry run takes none. */
  readonly put: (
    collection: RecordRef['collection'],
    record: Readonly<Record<string, unknown>>,
  ) => void | Promise<void>;
  readonly onRows: (rows: readonly PlanRow[]) => void;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

export interface JobOutcome {
  readonly plan: ImportPlan;
  /** Records of the vault that the import replaces. */
  readonly replaces: readonly RecordRef[];
  readonly memories: MemoryCounts;
  readonly leftOut: readonly LeftOut[];
}

/** A receipt names each failure; with more than this, the archive as a whole is at fault. */
const MAX_FAILURES = 3000;
/** Conversations that are looked up in the vault together: as many, or as many bytes of JSON. */
const BATCH_CONVERSATIONS = 32;
const BATCH_BYTES = 4 * 1024 ** 2;

/**
 * Reads an archive from its first byte to its last, compares each conversation with the vault, and puts what is to be
 * written. The same for a dry run and for an import: what is done with the puts is the caller's affair.
 * Throws ARCHIVE_UNREADABLE, ARCHIVE_REFUSED, ARCHIVE_UNKNOWN, and what its ports throw.
 */
export async function runImportJob(job: ImportJob, ports: JobPorts): Promise<JobOutcome> {
  const archive = await openArchive(job.archive);
  try {
    const contents = await findContents(archive);
    return await new ArchiveReading(job, ports, archive, contents).run();
  } finally {
    await archive.close();
  }
}

class ArchiveReading {
  readonly #job: ImportJob;
  readonly #ports: JobPorts;
  readonly #archive: OpenArchive;
  readonly #contents: Contents;
  readonly #tally = new Tally();
  readonly #seen = new SeenConversations();
  readonly #replaces = new Map<string, RecordRef>();
  #batch: MappedConversation[] = [];
  #batchBytes = 0;
  #readBytes = 0;

  constructor(job: ImportJob, ports: JobPorts, archive: OpenArchive, contents: Contents) {
    this.#job = job;
    this.#ports = ports;
    this.#archive = archive;
    this.#contents = contents;
  }

  async run(): Promise<JobOutcome> {
    const { conversations, memories, app, formatVersion, leftOut } = this.#contents;
    await this.#ports.onContents(this.#totalBytes());
    for (const file of conversations) await this.#readConversations(file);
    await this.#flush();
    for (const file of memories) await this.#readMemories(file);
    this.#ports.onRows(this.#tally.takeRows());
    const plan = { app, format_version: formatVersion, file_name: this.#archive.name, ...this.#tally.counts };
    return { plan, replaces: [...this.#replaces.values()], memories: this.#tally.memories, leftOut };
  }

  #totalBytes(): number {
    return [...this.#contents.conversations, ...this.#contents.memories].reduce((sum, file) => sum + file.bytes, 0);
  }

  async *#counted(file: ArchiveFile): AsyncGenerator<Buffer> {
    for await (const chunk of file.read()) {
      yield chunk;
      this.#readBytes += chunk.length;
      // A file in a folder may grow while it is read.
      this.#ports.onProgress(Math.min(this.#readBytes, this.#totalBytes()), this.#totalBytes());
    }
  }

  async #readConversations(file: ArchiveFile): Promise<void> {
    try {
      for await (const element of jsonElements(this.#counted(file))) {
        const place = this.#placeOf(file, element.start);
        if (element.state === 'damaged') this.#fail(place, element.reason);
        else await this.#takeElement(element.value, element.bytes, file, place);
      }
    } catch (error) {
      throw error instanceof SplitError ? damaged(this.#archive, file, error) : error;
    }
  }

  #fail(sourceId: string, reason: string, title?: string): void {
    this.#tally.fail(sourceId, reason, title);
    if (this.#tally.failures <= MAX_FAILURES) return;
    throw unreadable(this.#archive.name, `more than ${MAX_FAILURES} of its conversations are damaged`);
  }

  #placeOf(file: ArchiveFile, start: number): string {
    return file.name === this.#archive.name ? `byte ${start}` : `${file.name}, byte ${start}`;
  }

  async #takeElement(value: unknown, bytes: Buffer, file: ArchiveFile, place: string): Promise<void> {
    const { format } = this.#contents;
    const version = isForeign(value) ? (format?.recognise(value, file.name) ?? null) : null;
    if (!isForeign(value) || format === null || version === null) {
      this.#fail(nameOf(value) ?? place, `it is not a conversation of ${this.#contents.title}`);
      return;
    }
    try {
      const from = { ...this.#job, app: format.app, formatVersion: version, sha256: sha256Hex(bytes) };
      this.#batch.push(toRecords(format.parse(value), from));
    } catch (error) {
      this.#fail(nameOf(value) ?? place, reasonOf(error), textAt(value, 'title', 'name') ?? '');
      return;
    }
    this.#batchBytes += bytes.length;
    if (this.#batch.length >= BATCH_CONVERSATIONS || this.#batchBytes >= BATCH_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (batch.length === 0) return;
    const ids = batch.flatMap(({ keptId, derivedId }) => (keptId === null ? [derivedId] : [keptId, derivedId]));
    const taken = new Map(
      (await this.#ports.lookup.conversations([...new Set(ids)])).map((state) => [state.id, state]),
    );
    for (const mapped of batch) await this.#takeConversation(mapped, taken);
    this.#ports.onRows(this.#tally.takeRows());
  }

  async #takeConversation(mapped: MappedConversation, taken: ReadonlyMap<string, IdState>): Promise<void> {
    const { source_id } = mapped.record.source;
    const plan = await this.#plan(mapped, taken);
    try {
      for (const { collection, record } of plan.puts) checkRecord(collection, record);
    } catch (error) {
      this.#fail(source_id, reasonOf(error), mapped.record.title);
      return;
    }
    for (const { collection, record } of plan.puts) await this.#ports.put(collection, record);
    this.#remember(plan.replaces);
    this.#seen.add(mapped);
    const { title, created_at } = mapped.record;
    this.#tally.count({ source_id, title, created_at, messages: mapped.messages.length }, plan, mapped.attachments);
  }

  #remember(replaces: readonly RecordRef[]): void {
    for (const ref of replaces) this.#replaces.set(`${ref.collection}/${ref.id}`, ref);
  }

  async #plan(mapped: MappedConversation, taken: ReadonlyMap<string, IdState>): Promise<ConversationPlan> {
    const { id, stored } = chooseId(mapped, taken);
    const earlier = this.#seen.get(mapped.record.source.source_id);
    if (earlier?.sha256 === mapped.record.source.sha256) return planSkip(id, 'stands twice in the archive');
    const plan = stored ? await this.#planAgainst(mapped, stored) : planCreate(mapped, id);
    if (!earlier) return plan;
    const version = { updated_at: earlier.updatedAt, format_version: earlier.format_version };
    return this.#planTwin(mapped, plan, isNewer(mapped, version));
  }

  async #planAgainst(mapped: MappedConversation, stored: StoredConversation): Promise<ConversationPlan> {
    if (isSame(mapped, stored)) return planSkip(stored.id);
    const { lookup } = this.#ports;
    const heads = new Map((await lookup.messageHeads(stored.id)).map((head) => [head.id, head]));
    const changed = changedMessages(mapped, stored, heads);
    return planUpdate(mapped, stored, heads, changed.length > 0 ? await lookup.messages(changed) : []);
  }

  /**
   * A second, different version of a conversation in one archive: a newer one is written over the first, of an older one
   * only the messages that the first lacks.
   */
  #planTwin(mapped: MappedConversation, plan: ConversationPlan, isNewerTwin: boolean): ConversationPlan {
    const { source_id } = mapped.record.source;
    const added = new Set(plan.created.filter((id) => !this.#seen.hasMessage(source_id, id)));
    const puts = isNewerTwin
      ? plan.puts
      : plan.puts.filter(({ collection, record }) => collection === 'messages' && added.has(String(record['id'])));
    if (puts.length === 0) return planSkip(plan.conversationId, 'stands twice in the archive');
    const note = `stands twice in the archive; ${isNewerTwin ? 'the newer version was taken' : 'its messages were added'}`;
    const replaces = isNewerTwin ? plan.replaces : [];
    return {
      ...plan,
      action: 'update',
      note,
      puts,
      replaces,
      created: [...added],
      updated: isNewerTwin ? plan.updated : 0,
    };
  }

  async #readMemories(file: ArchiveFile): Promise<void> {
    for await (const element of jsonElements(this.#counted(file))) {
      const found = element.state === 'parsed' ? memoriesIn(element.value) : null;
      const plans = (found?.memories ?? []).map((each) => planMemory(each, { ...this.#job, app: found?.app ?? '' }));
      const ids = plans.flatMap(({ id, keptId }) => (keptId === null ? [id] : [id, keptId]));
      const stored = new Map((await this.#ports.lookup.memories(ids)).map((record) => [record.id, record]));
      const planned = plans.map((plan) =>
        plan.against(stored.get(plan.id) ?? null, plan.keptId !== null && stored.has(plan.keptId)),
      );
      const refusals = await this.#ports.lookup.refusals(plans.map(({ offered }) => offered));
      for (const [at, { action, record, replaces }] of planned.entries()) {
        const isRefused = record !== null && (refusals[at] ?? null) !== null;
        if (record && !isRefused) await this.#ports.put('memories', record);
        if (!isRefused) this.#remember(replaces);
        this.#tally.countMemory(isRefused ? 'skipped' : action);
      }
    }
  }
}

function nameOf(value: unknown): string | null {
  return isForeign(value) ? textAt(value as Foreign, 'conversation_id', 'uuid', 'id') : null;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
