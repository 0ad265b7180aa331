import type { Evidence, MemoryState, MemoryType } from '../../shared/collections/memories.ts';
import type { Constraints } from '../../shared/collections/profiles.ts';
import type { RecordScope } from '../../shared/collections/scope.ts';
import type { Actor, AuditedCollection } from './audited-writes.ts';
import type { Audience } from './constraints.ts';
import type { Duplicate } from './duplicates.ts';
import type { MemoryExport } from './export.ts';
import type { PurgeCounts } from './forget.ts';
import type { Why } from './explain.ts';
import type { Proposal } from './extract/extract.ts';
import type { HygieneReport } from './hygiene.ts';
import type { ChainedEvent, State } from './log/event.ts';
import type { Difference } from './log/replay.ts';
import type { Recall } from './recall.ts';

/** A memory as people and programs see it, now. */
export interface MemoryView {
  readonly id: string;
  readonly type: MemoryType;
  readonly text: string;
  /** The base; what is left of it today is `current_confidence`. */
  readonly confidence: number;
  readonly current_confidence: number;
  readonly state: MemoryState;
  readonly subject: string | null;
  readonly tenant: string | null;
  readonly domain: string | null;
  readonly scope: RecordScope;
  readonly pinned: boolean;
  readonly evidence: readonly Evidence[];
  readonly added_at: string;
  readonly last_confirmed_at: string | null;
  readonly confirmation_count: number;
  readonly contradiction_count: number;
  readonly last_recalled_at: string | null;
  /** UTC days on which recall gave it. */
  readonly recall_count: number;
  readonly fades_at: string | null;
  readonly updated_at: string;
}

export interface NewMemory {
  readonly type: MemoryType;
  readonly text: string;
  /** Absent: the least that its type asks for, and 0.05 more. */
  readonly confidence?: number;
  readonly subject?: string;
  readonly tenant?: string;
  readonly domain?: string;
  readonly scope?: RecordScope;
  readonly evidence?: readonly Evidence[];
  readonly source?: string;
  /** Although the like is known, or was forgotten. */
  readonly anyway?: boolean;
}

export interface MemoryEdit {
  readonly text?: string;
  readonly type?: MemoryType;
  readonly confidence?: number;
  readonly domain?: string | null;
  readonly scope?: RecordScope;
  readonly pinned?: boolean;
}

export interface MemoryQuery {
  readonly state?: MemoryState;
  readonly type?: MemoryType;
  readonly subject?: string;
  readonly tenant?: string;
  /** Current confidence at least. */
  readonly least?: number;
}

/** A forgotten memory, and where its words may still be. */
export interface Forgotten {
  readonly memory: MemoryView;
  /** Events of the log whose content was taken out. */
  readonly redacted_events: number;
  /** Ids of others that said the very same, and were forgotten with it. */
  readonly also_forgotten: readonly string[];
  /** Records that hold the same words within what is theirs, by `<collection>/<id>`; they were left as they are. */
  readonly still_says: readonly string[];
  /** How much was taken out of what is kept beside the records; null where that is still to be done, or there is nothing. */
  readonly purged: PurgeCounts | null;
  /** Why it is still to be done; it is tried again by itself. */
  readonly pending: string | null;
  /** Places that this does not reach, for the person to know. */
  readonly not_reached: readonly string[];
}

export interface Added {
  readonly memory: MemoryView;
  /** Memories that say the opposite. */
  readonly contradicts: readonly Duplicate[];
}

export interface Proposed {
  readonly proposed: readonly MemoryView[];
  /** Why others were not proposed, by reason: known, forgotten, not allowed. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface DecayReport {
  readonly looked_at: number;
  readonly dormant: readonly string[];
  readonly woken: readonly string[];
  /** Forgotten because `delete_after_days` is over. */
  readonly deleted: readonly string[];
  /** Changes that came in without us, noted in the log. */
  readonly observed: number;
}

export type ManyAction = 'confirm' | 'pin' | 'unpin' | 'forget';

export interface ChangedMany {
  readonly done: readonly string[];
  /** What is not there, or was forgotten. */
  readonly refused: readonly { readonly id: string; readonly message: string }[];
  /** Of what is done, what had not been so before. */
  readonly changed: readonly string[];
}

/** The memory of one vault: every change leaves its event in the same commit. */
export interface MemoryService {
  add(memory: NewMemory, actor: Actor): Promise<Added>;
  list(query?: MemoryQuery): Promise<MemoryView[]>;
  show(id: string): Promise<MemoryView>;
  why(id: string): Promise<Why & { readonly memory: MemoryView }>;
  confirm(id: string, actor: Actor, evidence?: readonly Evidence[]): Promise<MemoryView>;
  contradict(id: string, actor: Actor, evidence?: readonly Evidence[]): Promise<MemoryView>;
  edit(id: string, edit: MemoryEdit, actor: Actor): Promise<MemoryView>;
  /** The first keeps its text and gets the evidence and confirmations of the others, which go to the trash. */
  merge(ids: readonly string[], actor: Actor): Promise<MemoryView>;
  forget(id: string, actor: Actor): Promise<Forgotten>;
  /** The same for many, an event for each. What is refused does not keep the others; any other error ends it between two commits. */
  changeMany(action: ManyAction, ids: readonly string[], actor: Actor): Promise<ChangedMany>;
  /** Finishes a forgetting that a crash or a full disk cut short. DISK_FULL, DISK_ERROR: later, then. */
  finishForgetting(): Promise<void>;
  /** Wakes a dormant memory, takes a turned down proposal up again, or with a day makes it again what it was then. */
  restore(id: string, actor: Actor, day?: string): Promise<MemoryView>;

  propose(
    proposals: readonly Proposal[],
    actor: Actor,
    whose?: { subject?: string; tenant?: string },
  ): Promise<Proposed>;
  /** Why each of these may not come in by another way (an import): a constraint, or that it was forgotten; null: it may. */
  refusals(
    offered: readonly { readonly type: MemoryType; readonly text: string }[],
    whose?: { subject?: string; tenant?: string },
  ): Promise<readonly (string | null)[]>;
  accept(id: string, actor: Actor): Promise<MemoryView>;
  reject(id: string, actor: Actor): Promise<MemoryView>;

  recall(query: string, options?: RecallOptions): Promise<Recall>;
  /** That they were given out; see note-recalled.ts. */
  noteRecalled(ids: readonly string[], actor: Actor): Promise<void>;
  hygiene(): Promise<HygieneReport>;
  /** What is faded goes dormant, what is past its keeping is forgotten. Any number of times a day. */
  applyDecay(actor: Actor): Promise<DecayReport>;

  /** The profile of a subject in a tenant, brought to version 2.0 where it is older; null where there is none. */
  profile(subject?: string, tenant?: string): Promise<State | null>;
  constrain(
    change: Partial<Constraints>,
    actor: Actor,
    whose?: { subject?: string; tenant?: string },
  ): Promise<Constraints>;
  /** Inserts or replaces a profile, hub, snapshot or episode. */
  put(collection: Exclude<AuditedCollection, 'memories'>, record: State, actor: Actor): Promise<State>;
  remove(collection: Exclude<AuditedCollection, 'memories'>, id: string, actor: Actor): Promise<void>;

  /** Makes what these events changed as it was before them, all or nothing; how many it were. */
  undo(events: readonly string[], actor: Actor): Promise<number>;

  /** What may be given of it to a program, or without one to the person; with constraints, scope and redaction. */
  export(options?: Omit<RecallOptions, 'budget'>): Promise<MemoryExport>;
  /**
   * Holds back from the team what the constraints and the rules about personal data say, and lets go of what may go again;
   * of the memories that this copy of the vault wrote last. Returns how many.
   */
  reviewHolds(actor: Actor): Promise<number>;

  log(query?: LogQuery): Promise<ChainedEvent[]>;
  /** One memory, or all of what the log knows, at the end of a UTC day. */
  asOf(
    day: string,
    id?: string,
  ): Promise<readonly { readonly entity_key: string; readonly state: State | 'redacted' }[]>;
  compareDays(from: string, to: string): Promise<Difference[]>;
  /** Records that are not what the log says, by `<collection>/<id>`. */
  unlogged(): Promise<string[]>;
  /** Seals what is older than two years. */
  sealOld(actor: Actor): Promise<boolean>;
  close(): void;
}

export interface RecallOptions {
  /** Tokens; 1,000 where absent. */
  readonly budget?: number;
  readonly subject?: string;
  readonly tenant?: string;
  readonly audience?: Audience;
}

export interface LogQuery {
  readonly id?: string;
  readonly subject_id?: string;
  readonly tenant_id?: string;
  /** Newest first; 50 where absent. */
  readonly limit?: number;
}
