import { AppError } from '../../shared/errors.ts';

/** What is taken out of texts that leave: logs, sync and exports, as the person chooses. */
export const builtInRules = ['email', 'phone', 'card', 'token'] as const;
export type BuiltInRule = (typeof builtInRules)[number];

export interface RedactionRules {
  readonly builtIn: readonly BuiltInRule[];
  /** The person's own patterns, as regular expressions without flags. */
  readonly own?: readonly { readonly name: string; readonly pattern: string }[];
}

export interface Redacted {
  readonly text: string;
  /** How often each rule found something; only rules that did. */
  readonly found: Readonly<Record<string, number>>;
}

/** An own pattern is short, so that it can be judged before it is used. */
const LONGEST_OWN_PATTERN = 200;

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,24}/gu;
const TOKENS = [
  /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:[a-f0-9]{40,}|[A-F0-9]{40,})\b/g,
  /(?<=:\/\/[^\s:/@]{1,64}:)[^\s@/]{1,128}(?=@)/g,
];
const CARD = /(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])/g;
/** An international prefix, or groups that are separated: a bare row of figures may be anything. */
const PHONE =
  /(?<![\p{L}\p{N}.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){5,12}|\(\d{2,4}\)[ .-]?\d{3,4}[ .-]?\d{3,4}|0\d{1,4}[ /-]\d{2,4}(?:[ -]?\d{2,4}){1,3}|\d{3}[ .-]\d{3}[ .-]\d{4})(?![\p{L}\p{N}])/gu;

/** Replaces what the rules find by `[email]`, `[card]`, … Pure. BAD_INPUT for an own pattern that cannot be used. */
export function redact(text: string, rules: RedactionRules): Redacted {
  const found: Record<string, number> = {};
  const replace = (
    input: string,
    name: string,
    pattern: RegExp,
    isIt: (match: string) => boolean = () => true,
  ): string =>
    input.replace(pattern, (match) => {
      if (match === '' || !isIt(match)) return match;
      found[name] = (found[name] ?? 0) + 1;
      return `[${name}]`;
    });
  let result = text;
  // Tokens first: an address with a password holds an @, and a token may hold a row of figures.
  if (rules.builtIn.includes('token')) for (const pattern of TOKENS) result = replace(result, 'token', pattern);
  if (rules.builtIn.includes('email')) result = replace(result, 'email', EMAIL);
  if (rules.builtIn.includes('card')) result = replace(result, 'card', CARD, isCardNumber);
  if (rules.builtIn.includes('phone')) result = replace(result, 'phone', PHONE);
  for (const { name, pattern } of rules.own ?? []) result = replace(result, name, compile(name, pattern));
  return { text: result, found };
}

/** Redacts every text inside a value; keys stay. */
export function redactDeep<T>(value: T, rules: RedactionRules): T {
  if (typeof value === 'string') return redact(value, rules).text as T;
  if (Array.isArray(value)) return value.map((member: unknown) => redactDeep(member, rules)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactDeep(member, rules)])) as T;
}

/** The check digit of card numbers (Luhn), and the first figures that issuers use. */
function isCardNumber(match: string): boolean {
  const digits = match.replaceAll(/\D/g, '');
  if (!/^[2-6]/.test(digits)) return false;
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, place) => {
      const doubled = Number(digit) * (place % 2 === 1 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

function compile(name: string, pattern: string): RegExp {
  // A group that is repeated and repeats inside can take exponential time.
  const isSlow = /\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)\s*[+*{]/.test(pattern);
  try {
    if (pattern !== '' && pattern.length <= LONGEST_OWN_PATTERN && !isSlow) return new RegExp(pattern, 'gu');
  } catch {
    // Said below.
  }
  throw new AppError('BAD_INPUT', `The pattern ${JSON.stringify(name)} cannot be used: ${pattern.slice(0, 60)}`, {
    remedy: `Give a regular expression of at most ${LONGEST_OWN_PATTERN} characters, without a repetition inside a repeated group.`,
    details: { name },
  });
}
