import type { Part } from '../../../shared/collections/content.ts';
import type { Message } from '../../../shared/collections/messages.ts';

/** An object from another program: any key, any value. */
export type Foreign = Readonly<Record<string, unknown>>;

/** A message as its export tells it. Nothing in it is encoded, shortened or given an id of ours yet. */
export interface ParsedMessage {
  readonly role: Message['role'];
  readonly content: readonly Part[];
  /** ISO time; null where the export has none. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  /** The program kept it but did not show it. */
  readonly hidden: boolean;
  readonly authorName: string | null;
  readonly model: string | null;
  readonly citations: readonly Foreign[];
  /** What has no field here, verbatim. */
  readonly extra: Foreign;
  /** The exported value, of which sha256 is taken. */
  readonly raw: unknown;
}

/** A place in the tree. Without a message it only joins its parent and its children. */
export interface ParsedNode {
  readonly id: string;
  readonly parent: string | null;
  readonly message: ParsedMessage | null;
}

export interface ParsedConversation {
  /** Its id in the other program; one made of its content where that gave none. */
  readonly sourceId: string;
  readonly title: string;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly pinned: boolean;
  readonly archived: boolean;
  /** In any order; ids are unique. */
  readonly nodes: readonly ParsedNode[];
  /** Node at which the chosen branch ends; null where the export does not say. */
  readonly currentNode: string | null;
  readonly extra: Foreign;
}

/**
 * One program's conversation format. Adding a format is adding a file and its line in formats/registry.ts.
 * All functions are pure. `parse` may throw on shapes it cannot take; that conversation is then reported as failed.
 */
export interface ExportFormat {
  /** `source.app` of what it gives. */
  readonly app: string;
  /** The program's name for people. */
  readonly title: string;
  /**
   * Whether this value is a conversation of this program: null if not, else `source.format_version`.
   * Judged by shape; the file's name may only refine the version.
   */
  recognise(value: Foreign, fileName: string): string | null;
  parse(conversation: Foreign): ParsedConversation;
}
