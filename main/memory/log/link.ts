/** Where an event stands that was read. */
export interface Place {
  /** Relative to the vault. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** What the chain needs to know of an event. */
export interface LinkBody {
  readonly id: string;
  readonly replica: string;
  readonly sequence: number;
  readonly hash: string;
  readonly prev: string;
  readonly entity: string;
  readonly type: string;
  readonly redacted: boolean;
  /** Further events whose content it took out, because they quoted what was forgotten. */
  readonly redacts: readonly unknown[];
  readonly sealed: { readonly to: number; readonly hash: string } | null;
}
export type Link = LinkBody & Place;

/** Where the log is not what was written. */
export interface BrokenLink extends Place {
  readonly reason: string;
  readonly replica: string | null;
  readonly event_sequence: number | null;
  readonly id: string | null;
}

/** @param named what is known of the event, of whatever type its fields are */
export function brokenAt(
  { path, line }: Place,
  reason: string,
  { id, replica, sequence }: { readonly id?: unknown; readonly replica?: unknown; readonly sequence?: unknown } = {},
): BrokenLink {
  return {
    reason,
    path,
    line,
    replica: typeof replica === 'string' ? replica : null,
    event_sequence: typeof sequence === 'number' ? sequence : null,
    id: typeof id === 'string' ? id : null,
  };
}
