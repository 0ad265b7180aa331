import { AppError } from '../../shared/errors.ts';
import { type LinearPattern, linearPattern } from './linear-pattern.ts';

/** What is taken out of texts that leave: logs, sync and exports, as the person chooses. */
export const builtInRules = ['email', 'phone', 'card', 'token'] as const;
export type BuiltInRule = (typeof builtInRules)[number];

export interface OwnRule {
  readonly name: string;
  /** A regular expression; linear-pattern.ts says of what kind. */
  readonly pattern: string;
}

export interface RedactionRules {
  readonly builtIn: readonly BuiltInRule[];
  readonly own?: readonly OwnRule[];
}

/** Where copies leave the vault's records, and what is taken out of them there: names of rules. */
export interface RedactionChoice {
  readonly logs: readonly string[];
  readonly sync: readonly string[];
  readonly exports: readonly string[];
  readonly own: readonly OwnRule[];
}

/** Diagnostics are for other eyes; what a person exports or shares is theirs to say. */
export const USUAL_REDACTION: RedactionChoice = { logs: [...builtInRules], sync: [], exports: [], own: [] };

export const NO_RULES: RedactionRules = { builtIn: [] };

/** The rules of one place. */
export function rulesFor(choice: RedactionChoice, place: 'logs' | 'sync' | 'exports'): RedactionRules {
  const names = new Set<string>(choice[place]);
  return {
    builtIn: builtInRules.filter((name) => names.has(name)),
    own: choice.own.filter(({ name }) => names.has(name)),
  };
}

export function hasRules({ builtIn, own = [] }: RedactionRules): boolean {
  return builtIn.length + own.length > 0;
}

const OWN_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** @throws BAD_INPUT for a pattern that cannot be used, and a name that is none, taken, or unknown */
export function checkChoice(choice: RedactionChoice): void {
  const own = new Set<string>();
  for (const { name, pattern } of choice.own) {
    const isTaken = own.has(name) || builtInRules.some((known) => known === name);
    if (isTaken || !OWN_NAME.test(name)) throw badName(name, isTaken ? 'is taken' : 'is not 1 to 32 of a-z 0-9 -');
    own.add(name);
    compile(name, pattern);
  }
  const unknown = [...choice.logs, ...choice.sync, ...choice.exports].find(
    (name) => !own.has(name) && !builtInRules.some((known) => known === name),
  );
  if (unknown !== undefined) throw badName(unknown, 'names no rule');
}

function badName(name: string, why: string): AppError {
  return new AppError('BAD_INPUT', `The redaction rule ${JSON.stringify(name)} ${why}.`, {
    remedy: `There are ${builtInRules.join(', ')}, and those that you name yourself.`,
    details: { name },
  });
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
  for (const { name, pattern } of rules.own ?? []) {
    const own = compile(name, pattern).replace(result, `[${name}]`);
    if (own.found > 0) found[name] = own.found;
    result = own.text;
  }
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

/** Patterns are few, and used on text after text. */
const compiled = new Map<string, LinearPattern>();

function compile(name: string, pattern: string): LinearPattern {
  if (pattern.length > LONGEST_OWN_PATTERN) {
    throw new AppError('BAD_INPUT', `The pattern ${JSON.stringify(name)} cannot be used: it is too long.`, {
      remedy: `Give a regular expression of at most ${LONGEST_OWN_PATTERN} characters.`,
      details: { name },
    });
  }
  const known = compiled.get(pattern) ?? linearPattern(name, pattern);
  if (compiled.size > 100) compiled.clear();
  compiled.set(pattern, known);
  return known;
}
