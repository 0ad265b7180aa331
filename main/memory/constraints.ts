import { Constraints } from '../../shared/collections/profiles.ts';
import type { Memory } from '../../shared/collections/memories.ts';
import { AppError } from '../../shared/errors.ts';
import { DAY_MS } from './rules.ts';

/** Who is to get memories. The person alone may see what is private. */
export type Audience =
  | { readonly kind: 'person' }
  /** A program on this machine, by the name that `share_with` has. */
  | { readonly kind: 'program'; readonly name: string }
  /** Whoever reads the team database, or an export made to be given away. */
  | { readonly kind: 'team' };

export const PERSON: Audience = { kind: 'person' };

/** What 004 allows where a profile says nothing. */
export const OPEN: Constraints = Constraints.parse({});

/** At the door: MEMORY_OFF where the person does not want this remembered. */
export function checkAllowed(constraints: Constraints, type: Memory['type']): void {
  if (!constraints.memory_enabled) throw off('Memory is switched off', 'memory_enabled');
  if (type === 'USER_PATTERN' && !constraints.learn_patterns)
    throw off('Learning patterns is switched off', 'learn_patterns');
}

function off(what: string, constraint: string): AppError {
  return new AppError('MEMORY_OFF', `${what} for this profile; nothing was remembered.`, {
    remedy: `Switch ${constraint} on in the profile, or leave it.`,
    details: { constraint },
  });
}

/** Why an audience may not have this memory at a time; null where it may. */
export function withheld(
  memory: Pick<Memory, 'type' | 'scope' | 'created_at' | 'added_at'>,
  constraints: Constraints,
  audience: Audience,
  atMs: number,
): string | null {
  if (!constraints.memory_enabled) return 'memory_enabled is off';
  if (memory.type === 'USER_PATTERN' && !constraints.learn_patterns) return 'learn_patterns is off';
  if (isPastKeeping(memory, constraints, atMs)) return 'delete_after_days is over';
  const scope = memory.scope ?? 'team';
  if (audience.kind === 'team' && scope !== 'team') return `its scope is ${scope}`;
  if (audience.kind === 'program') {
    if (scope === 'private') return 'its scope is private';
    if (!constraints.share_with.includes(audience.name)) return `share_with does not name ${audience.name}`;
  }
  return null;
}

/** Whether the person has asked for it to be gone by now. Counted from the day it was added. */
export function isPastKeeping(
  memory: Pick<Memory, 'created_at' | 'added_at'>,
  { delete_after_days: days }: Constraints,
  atMs: number,
): boolean {
  return days !== null && atMs - Date.parse(memory.added_at ?? memory.created_at) >= days * DAY_MS;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const NAMED = `(?:${MONTHS.map((month) => `${month.slice(0, 3)}(?:${month.slice(3)})?\\.?`).join('|')})`;
const DATES: readonly (readonly [RegExp, (...groups: string[]) => string])[] = [
  [/\b(\d{4})-(\d{2})-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/g, (_, year = '', month = '') => `${year}-${month}`],
  [/\b\d{1,2}[./]\d{1,2}[./](\d{4})\b/g, (_, year = '') => year],
  [
    new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${NAMED})(,?\\s+\\d{4})?\\b`, 'gi'),
    (_, month = '', year = '') => `${month}${year}`,
  ],
  [
    new RegExp(`\\b(${NAMED})\\s+\\d{1,2}(?:st|nd|rd|th)?\\b(?:,?(\\s+\\d{4}))?`, 'gi'),
    (_, month = '', year = '') => `${month}${year}`,
  ],
];

/** `anonymize_dates`: days in a text become months, or the year where only figures tell. */
export function withoutDays(text: string): string {
  return DATES.reduce(
    (result, [pattern, replace]) =>
      result.replace(pattern, (...groups: unknown[]) =>
        replace(...groups.map((group) => (typeof group === 'string' ? group : ''))),
      ),
    text,
  );
}

/** A time as it is given out under `anonymize_dates`: its month. */
export function monthOf(time: string): string {
  return time.slice(0, 7);
}
