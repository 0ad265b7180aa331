import type { Values } from '../sim-values.ts';
import { valueIn } from './docs.ts';

/** What stands in `conflicts`, as a driver reads it. */
export interface Noted {
  readonly collection: string;
  readonly record_id: string;
  readonly fields: readonly string[];
  readonly mine: Readonly<Record<string, unknown>> | null;
  readonly theirs: Readonly<Record<string, unknown>> | null;
}

/** I7: a conflict is one about which somebody disagreed. What is wrong where the author of one side had seen the other; else null. */
export function judgeConflict({ collection, record_id, fields, mine, theirs }: Noted, values: Values): string | null {
  for (const field of fields) {
    const [a, b] = [mine?.[field], theirs?.[field]].map((text) => (typeof text === 'string' ? valueIn(text) : null));
    if (a == null || b == null || (!values.hadSeen(a, b) && !values.hadSeen(b, a))) continue;
    return `I7: a conflict about ${collection}/${record_id} ${field}: ${a} and ${b}`;
  }
  return null;
}
