import type { Evidence, MemoryType } from '../../../shared/collections/memories.ts';
import type { Extractor, Proposal, ReadMessage } from './extractor.ts';
import { asStatement, firstThought, ofThem } from './grammar.ts';
import { statementRules } from './rules.ts';
import { type Sentence, sentencesOf } from './sentences.ts';

export type { Extractor, Proposal, ReadMessage };

/** Needs no model and no network. */
export const ruleExtractor: Extractor = {
  name: 'rules',
  propose: async (messages) => extractAll(messages),
};

const SHORTEST = 6;
const LONGEST = 240;

/** Words before a statement that change nothing of it. */
const LEAD_IN =
  /^(?:(?:and|so|also|but|as for me|at work|at home|well|yes|yeah|no|ok|okay|hi|hello|hey|btw|fyi|by the way|for future reference|for context|for the record|just so you know|as you know|in case it matters|actually|honestly|currently|personally|(?:please )?(?:remember|note|keep in mind|know)(?: that)?)\s*[,:;–—-]?\s+)+/iu;

/** Sentences that ask, quote, or hold code. */
const NOT_SAID = [
  /\?["'”’)]*$/u,
  /["“”„«»]|(?:^|\s)['‘][^'’]{3,}['’](?:\s|[.,!?]|$)/u,
  /[{}<>=;`]|\w\(\)|\w+_\w+/u,
  /^(?:translate|write|rewrite|summari[sz]e|act|say|correct|complete|explain the sentence)\b.*[:]/iu,
];
/** Statements that imagine, report, or talk about a text rather than about the person. */
const NOT_MEANT = [
  /\b(?:if i|if we|imagine|suppose|pretend|let['’]s say|said (?:nobody|no one)|as if|what if|wish|would|could|might|maybe|perhaps|unless|used to)\b/iu,
  /^(?:i (?:think|guess|believe|was told|heard|read|hope|doubt)|(?:he|she|they|it|someone|somebody|everyone) (?:said|says|told|thinks|wrote)|the (?:note|text|card|letter|sign|character|story|book|manual)|in (?:the|this|that|my|our) (?:story|example|game|novel|book|test|exercise|dream|film|scene))\b/iu,
  /\b(?:said the|the manual says|in the story|in this (?:example|game|case|api|exercise)|in the example|with the role|for this\b|every time i run|each time i run)/iu,
];
/** What is pointed at is in the conversation, and what is of today is over tomorrow. */
const OF_THE_MOMENT =
  /\b(?:this|these|those)\b(?! (?:novel|trip|book|garden|album|thesis|year|days)\b)|\b(?:today|tonight|tomorrow|right now|at the moment|here|for (?:hours|days|ages|minutes)|yet)$|\bin (?:the|that|a|an|our|my) (?:loop|script|list|code|file|snippet|scenario|test|tests|table|column|row|plot|chart|draft|letter|paragraph|function|module|class|array|string|diagram|example|query|output|email|document|spreadsheet|config|repo|branch|build|page|sentence|chapter|version|scene|exercise|ticket|image|picture)\b|\b(?:option|version|variant|choice|step|answer|draft|figure|line|row|column) (?:\p{Lu}|\d+|one|two|three)\b|\bthe (?:\p{L}+ )?ones?\b|\b(?:Ctrl|Alt|Shift|Cmd)[-+]|\b(?:child|html|dom|xml|json|array|list) elements?\b|\bdog-eared\b/iu;
/** An instruction to remember says so itself; `would` belongs to it. */
const WISH = /^(?:I['’]d|I would) like you to (?:always|never)\b/iu;

/** What the person asks to be remembered, and no rule reads closer. */
const ASKED = /^(?:please )?(?:remember|note|keep in mind) that (?=(?:the|our|my|we|I)\b).{12,}/iu;

/** What one sentence says about the person, or null. */
export function readSentence(
  sentence: string,
): { readonly type: MemoryType; readonly text: string; readonly confidence: number; readonly rule: string } | null {
  if (sentence.length < SHORTEST || sentence.length > LONGEST) return null;
  const bare = sentence
    .replace(LEAD_IN, '')
    .replace(/[.!…]+$/u, '')
    .trim();
  const said = firstThought(bare);
  if (NOT_SAID.some((pattern) => pattern.test(sentence))) return null;
  if (!WISH.test(said) && [...NOT_MEANT, OF_THE_MOMENT].some((pattern) => pattern.test(said))) return null;
  for (const rule of statementRules) {
    const match = rule.pattern.exec(said);
    const text = match && rule.text(match.slice(1).map((group: string | undefined) => group ?? ''));
    if (text) return { type: rule.type, text: asStatement(ofThem(text)), confidence: rule.confidence, rule: rule.name };
  }
  if (ASKED.test(sentence))
    return { type: 'USER_FACT', text: asStatement(ofThem(said)), confidence: 0.8, rule: 'asked' };
  return null;
}

/** Statements of the person's own messages, each once, and what comes again and again. */
export function extractAll(messages: readonly ReadMessage[]): Proposal[] {
  const proposals = new Map<string, Proposal>();
  for (const message of messages) {
    if (message.role !== 'user') continue;
    for (const sentence of sentencesOf(message.text)) {
      const read = readSentence(sentence.text);
      if (!read) continue;
      const key = `${read.type} ${read.text.toLowerCase()}`;
      const known = proposals.get(key);
      const evidence = [...(known?.evidence ?? []), evidenceOf(message, sentence)];
      proposals.set(key, { ...read, evidence });
    }
  }
  return [...proposals.values(), ...recurring(messages)];
}

function evidenceOf(message: ReadMessage, { text, range }: Sentence): Evidence {
  return {
    message_id: message.id,
    conversation_id: message.conversation_id,
    quote: text,
    range: [range[0], range[1]],
    at: message.created_at,
  };
}

/** In how many conversations a tool has to come up. */
const OFTEN = 3;
const TOOL = /\b(?:in|with|using|use|for|my|from|to)\s+(\p{Lu}[\p{L}\d+#]*(?:[ -](?:\p{Lu}|\d)[\p{L}\d+#]*){0,2})/gu;
const NO_TOOL =
  /^(?:I|A|The|My|January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|English|German|French|Spanish|Italian|Europe|Christmas|Easter)\b/u;

/** Names that come after *in*, *with*, *using*, … in several conversations: a tool or a topic of this person. */
function recurring(messages: readonly ReadMessage[]): Proposal[] {
  const byName = new Map<string, Map<string, Evidence>>();
  for (const message of messages) {
    if (message.role !== 'user') continue;
    for (const sentence of sentencesOf(message.text)) {
      for (const [, name = ''] of sentence.text.matchAll(TOOL)) {
        if (NO_TOOL.test(name)) continue;
        const conversations = byName.get(name) ?? new Map<string, Evidence>();
        if (!conversations.has(message.conversation_id))
          conversations.set(message.conversation_id, evidenceOf(message, sentence));
        byName.set(name, conversations);
      }
    }
  }
  return [...byName]
    .filter(([, conversations]) => conversations.size >= OFTEN)
    .map(([name, conversations]) => ({
      type: 'USER_PATTERN' as const,
      text: `Often brings up ${name}`,
      confidence: 0.75,
      evidence: [...conversations.values()],
      rule: 'recurring',
    }));
}
