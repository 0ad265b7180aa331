import type { BenchDocument, BenchMessage } from '../documents.ts';

/** What a list shows of a document. */
export interface ListRow {
  readonly id: string;
  readonly title: string;
  readonly updated_at: string;
}

/** A store under test, in a process of its own. Every write resolves when it is as durable as this store makes it. */
export interface Subject {
  /** Many at once, in one commit where the store has such a thing. */
  insertMany(documents: readonly BenchDocument[]): Promise<unknown>;
  insert(document: BenchDocument): Promise<unknown>;
  /** Appends a message to a document and dates it. */
  update(id: string, message: BenchMessage, at: string): Promise<unknown>;
  /** The same, and gives the document as it is afterwards. */
  updateAndGet(id: string, message: BenchMessage, at: string): Promise<BenchDocument>;
  get(id: string): Promise<BenchDocument>;
  newestRows(count: number): Promise<readonly ListRow[]>;
  newestDocuments(count: number): Promise<readonly BenchDocument[]>;
  /** By a field that has an index. */
  rowsOfUser(user: string): Promise<readonly ListRow[]>;
  documentsOfUser(user: string): Promise<readonly BenchDocument[]>;
  /** By a field that has none. */
  rowsOfWorkspace(workspace: string): Promise<readonly ListRow[]>;
  remove(id: string): Promise<unknown>;
  removeMany(ids: readonly string[]): Promise<unknown>;
  /** Until the store has nothing left to do in the background. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface SubjectKind {
  readonly name: SubjectName;
  /** What has happened when a write resolves. */
  readonly durability: string;
  /** Rewrites everything for each write: measured with as few of them as possible. */
  readonly isSlow?: boolean;
  open(folder: string): Promise<Subject>;
}

export const subjectNames = [
  'vault',
  'node:sqlite full',
  'node:sqlite normal',
  'better-sqlite3 full',
  'classic-level sync',
  'nedb',
  'lowdb',
] as const;
export type SubjectName = (typeof subjectNames)[number];
