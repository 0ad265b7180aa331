import { type Memory, memoryTypes, type MemoryType } from '../../shared/collections/memories.ts';
import { badMemory } from './errors.ts';
import { LEAST_CONFIDENCE, LEAST_STORED } from './rules.ts';

type Draft = Readonly<Partial<Memory>>;

/**
 * Seed 004's rules for a memory, each with its own message. BAD_RECORD names the field.
 * Type: one of three. Confidence: 0.60 to 1.0. Confirmations and observations: at least 1.
 */
export function checkMemory(draft: Draft): void {
  const { type, text, confidence } = draft;
  if (!isMemoryType(type)) {
    throw badMemory('type', `must be one of ${memoryTypes.join(', ')}`, type, 'Give one of these types.');
  }
  if (typeof text !== 'string' || text.trim() === '') {
    throw badMemory('text', 'must say something', text, 'Say in one sentence what is to be remembered.');
  }
  checkConfidence(confidence, LEAST_STORED, 'Confidence must be 0.60–1.0');
  checkCount('confirmation_count', draft.confirmation_count);
  checkCount('observation_count', draft.observation_count);
}

/** As `checkMemory`, and the least confidence that 004 asks of its type when it is added: 0.80, 0.75, 0.60. */
export function checkAdded(draft: Draft): void {
  checkMemory(draft);
  const type = draft.type as MemoryType; // checked in the line above
  checkConfidence(
    draft.confidence,
    LEAST_CONFIDENCE[type],
    `Confidence of a ${type} must be ${LEAST_CONFIDENCE[type].toFixed(2)}–1.0`,
  );
}

/** A pattern is inferred: 004 lets nothing else stand among the patterns. */
export function checkPattern(draft: Draft): void {
  if (draft.type !== 'USER_PATTERN') {
    throw badMemory('type', 'must be USER_PATTERN among the patterns', draft.type, 'Add it as a fact or a narrative.');
  }
  checkMemory(draft);
}

export function isMemoryType(type: unknown): type is MemoryType {
  return memoryTypes.some((known) => known === type);
}

function checkConfidence(confidence: unknown, least: number, rule: string): void {
  if (typeof confidence === 'number' && confidence >= least && confidence <= 1) return;
  throw badMemory(
    'confidence',
    `is out of range (${rule})`,
    confidence,
    `Give a number from ${least.toFixed(2)} to 1.`,
  );
}

function checkCount(field: string, count: unknown): void {
  if (count === undefined || (Number.isInteger(count) && (count as number) >= 1)) return;
  throw badMemory(field, 'must be a whole number from 1', count, 'Leave it out, or give 1 or more.');
}
