/** Every value that somebody wrote, and what it was written over: the model that histories are judged by. */
export interface Written {
  readonly value: string;
  readonly doc: string;
  readonly field: string;
  readonly actor: string;
  /** What stood in the field where it was written: its author had seen that. */
  readonly over: string | null;
}

export class Values {
  readonly written = new Map<string, Written>();
  /** Values that somebody who saw them replaced or deleted. */
  readonly superseded = new Set<string>();
  /** Values that were on the server alone when the server lost them. */
  readonly excused = new Set<string>();
  #next = 0;

  write(doc: string, field: string, actor: string, over: unknown, prefix = 'v'): string {
    const value = this.mint(actor, prefix);
    this.note(doc, field, actor, value, typeof over === 'string' ? over : null);
    return value;
  }

  /** A value that nobody has written yet. */
  mint(actor: string, prefix = 'v'): string {
    return `${prefix}${(this.#next += 1)}.${actor}`;
  }

  /** It was written, over what its author saw. */
  note(doc: string, field: string, actor: string, value: string, over: string | null): void {
    this.written.set(value, { value, doc, field, actor, over });
    if (over !== null) this.superseded.add(over);
  }

  supersede(value: unknown): void {
    if (typeof value === 'string') this.superseded.add(value);
  }

  excuse(value: unknown): void {
    if (typeof value === 'string') this.excused.add(value);
  }

  /** Whether the author of `later` had seen `earlier`, at whatever remove. */
  hadSeen(later: string, earlier: string): boolean {
    for (let at: string | null = later; at !== null; at = this.written.get(at)?.over ?? null) {
      if (at === earlier) return true;
    }
    return false;
  }
}
