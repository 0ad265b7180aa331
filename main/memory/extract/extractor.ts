import { z } from 'zod';
import { Evidence, MemoryType } from '../../../shared/collections/memories.ts';
import { AppError, cancelled } from '../../../shared/errors.ts';
import { LEAST_CONFIDENCE } from '../rules.ts';
import { sentencesOf } from './sentences.ts';

/** A message as an extractor sees it. */
export interface ReadMessage {
  readonly id: string;
  readonly conversation_id: string;
  readonly role: string;
  readonly text: string;
  readonly created_at: string;
}

/** Something that could be remembered. It is proposed to the person, never added by itself. */
export interface Proposal {
  readonly type: MemoryType;
  readonly text: string;
  readonly confidence: number;
  /** The sentences that say it, in the person's own words. */
  readonly evidence: readonly Evidence[];
  /** What found it: a rule's name, or a model's. */
  readonly rule: string;
}

/**
 * Finds what could be remembered: the rules (extract.ts), or one that asks a model. It is asked through `runExtractor`,
 * which lets nothing through that the messages do not say word for word.
 */
export interface Extractor {
  readonly name: string;
  /** @param signal is aborted when nobody waits any more; work should end then, but need not */
  propose(messages: readonly ReadMessage[], signal: AbortSignal): Promise<readonly Proposal[]>;
}

export interface Extracted {
  readonly proposals: readonly Proposal[];
  /** How many were not taken, by reason. */
  readonly refused: Readonly<Record<string, number>>;
}

/** As long as a model on this machine may take for some messages. */
const TIMEOUT_MS = 120_000;
const LONGEST_TEXT = 500;

/** What a model gives is read like a file from elsewhere. */
const AnyProposal = z.object({
  type: MemoryType,
  text: z.string().trim().min(1).max(LONGEST_TEXT),
  confidence: z.number().max(1),
  evidence: z.array(Evidence),
  rule: z.string().min(1),
});

/**
 * Asks an extractor and takes of its proposals those whose every piece of evidence is a sentence of a message of the person,
 * word for word. TIMED_OUT, CANCELLED, or what the extractor throws.
 */
export async function runExtractor(
  extractor: Extractor,
  messages: readonly ReadMessage[],
  { timeoutMs = TIMEOUT_MS, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Extracted> {
  const found = await inTime(extractor, messages, timeoutMs, signal);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const proposals: Proposal[] = [];
  const refused: Record<string, number> = {};
  for (const each of found) {
    const taken = taking(each, byId);
    if (typeof taken === 'string') refused[taken] = (refused[taken] ?? 0) + 1;
    else proposals.push(taken);
  }
  return { proposals, refused };
}

function inTime(
  extractor: Extractor,
  messages: readonly ReadMessage[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const ending = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (error: AppError): void => {
      reject(error);
      ending.abort(error);
    };
    const cancel = (): void => end(cancelled());
    const timer = setTimeout(() => end(tooSlow(extractor.name, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', cancel, { signal: ending.signal });
    if (signal?.aborted) cancel();
    else extractor.propose(messages, ending.signal).then(resolve, reject);
    ending.signal.addEventListener('abort', () => clearTimeout(timer));
  }).finally(() => ending.abort()) as Promise<readonly unknown[]>;
}

/** The proposal as it is passed on, or why it is not. */
function taking(given: unknown, messages: ReadonlyMap<string, ReadMessage>): Proposal | string {
  const parsed = AnyProposal.safeParse(given);
  if (!parsed.success) return 'unreadable';
  const { type, confidence } = parsed.data;
  if (!(confidence >= LEAST_CONFIDENCE[type])) return 'not sure enough';
  if (parsed.data.evidence.length === 0) return 'without evidence';
  const evidence: Evidence[] = [];
  for (const each of parsed.data.evidence) {
    const message = messages.get(each.message_id);
    const said = message && spanOf(each, message);
    if (!said) return 'not in the person’s words';
    evidence.push(said);
  }
  return { ...parsed.data, evidence };
}

/** Where the message has a whole sentence of the person that is the quote; null where it has none. Code and quotations are none. */
function spanOf(
  { quote, range }: Evidence,
  { id, conversation_id, role, text, created_at }: ReadMessage,
): Evidence | null {
  if (role !== 'user' || quote === undefined) return null;
  const sentence = sentencesOf(text).find(
    (each) => each.text === quote.trim() && (range === undefined || each.range[0] === range[0]),
  );
  if (!sentence) return null;
  const [start, end] = sentence.range;
  return { message_id: id, conversation_id, quote: sentence.text, range: [start, end], at: created_at };
}

function tooSlow(name: string, timeoutMs: number): AppError {
  return new AppError('TIMED_OUT', `Looking for memories with ${name} took longer than ${timeoutMs / 1000} s.`, {
    remedy: 'Nothing was proposed. Try with fewer conversations, or with the rules.',
    details: { extractor: name, timeoutMs },
  });
}
