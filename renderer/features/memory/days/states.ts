import type { Output } from '../../../../shared/ipc/contract.ts';
import { recordName } from '../log-changes.ts';

export type StateThen = Output<'memory.as_of'>[number];
export type Difference = Output<'memory.compare'>[number];
type State = Extract<StateThen['state'], object>;

/** A memory as it was; what is not known any more is undefined. */
export interface MemoryThen {
  readonly id: string;
  readonly text: string | undefined;
  readonly type: string | undefined;
  readonly state: string;
  readonly confidence: number | undefined;
}

/** The memories among the records of a day, by their text; what was forgotten since comes last. */
export function memoriesThen(states: readonly StateThen[]): readonly MemoryThen[] {
  return states
    .filter(({ entity_key: key }) => key.startsWith('memories/'))
    .map(({ entity_key: key, state }) => memoryThen(key.slice('memories/'.length), state))
    .sort((a, b) => (a.text ?? '\uffff').localeCompare(b.text ?? '\uffff'));
}

function memoryThen(id: string, state: StateThen['state']): MemoryThen {
  if (state === 'redacted' || state['state'] === 'forgotten') {
    return { id, text: undefined, type: undefined, state: 'forgotten', confidence: undefined };
  }
  return {
    id,
    text: textIn(state, 'text'),
    type: textIn(state, 'type'),
    state: textIn(state, 'state') ?? 'active',
    confidence: typeof state['confidence'] === 'number' ? state['confidence'] : undefined,
  };
}

function textIn(state: State, field: string): string | undefined {
  const value = state[field];
  return typeof value === 'string' ? value : undefined;
}

/** What a difference is about. */
export function nameOf({ entity_key: key, before, after }: Difference): string {
  return recordName(key, contentOf(after) ?? contentOf(before));
}

/** Of a difference, what stood there: nothing where its content was taken out. */
export function contentOf(state: Difference['before']): State | null {
  return state === 'redacted' ? null : state;
}
