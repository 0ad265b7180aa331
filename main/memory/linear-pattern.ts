import { AppError } from '../../shared/errors.ts';

/** A person's own pattern, found in time that grows with the text and never faster: no backtracking. */
export interface LinearPattern {
  /**
   * The text with every match replaced. One on which it takes too long, since a match may need a look at all that comes
   * after it, is replaced as a whole: rather too much is taken out than too little.
   */
  replace(text: string, by: string): { readonly text: string; readonly found: number };
}

/** Instructions of the machine that runs a pattern: all its states at once, the preferred first (Pike, 1987). */
type Instruction =
  | { readonly op: 'one'; readonly test: (character: string) => boolean }
  /** Both ways, the first preferred. */
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly op: 'match' };

type Node =
  | { readonly kind: 'one'; readonly test: (character: string) => boolean }
  | { readonly kind: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly part: Node;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
    };

const MOST_INSTRUCTIONS = 2_000;
const MOST_REPEATS = 200;

/**
 * Reads the part of the regular expressions' language that needs no looking back: characters, classes, escapes, groups,
 * choices, repetitions, `^`, `$`, `\b`. Matches what `new RegExp(pattern, 'u')` matches.
 *
 * @throws BAD_INPUT naming what cannot be used: look-around, back references, a repetition of what may be empty
 */
export function linearPattern(name: string, pattern: string): LinearPattern {
  try {
    // What the runtime does not take is no regular expression at all.
    void new RegExp(pattern, 'u');
    const node = new Parser(pattern).parse();
    if (mayBeEmpty(node)) throw new Unusable('it may match nothing at all');
    const program = compile(node);
    return { replace: (text, by) => replaceAll(program, text, by) };
  } catch (error) {
    const reason = error instanceof Unusable ? error.message : 'it is no regular expression';
    throw new AppError('BAD_INPUT', `The pattern ${JSON.stringify(name)} cannot be used: ${reason}.`, {
      remedy:
        'Give a regular expression of characters, classes, groups, | and repetitions; no look-around, no back references, and nothing that matches an empty text.',
      details: { name },
      cause: error,
    });
  }
}

class Unusable extends Error {}

const WORD = /[A-Za-z0-9_]/;
const isWordAt = (text: string, at: number): boolean => WORD.test(text[at] ?? '');
const isBoundary = (text: string, at: number): boolean => isWordAt(text, at - 1) !== isWordAt(text, at);
const ASSERTIONS: Readonly<Record<string, (text: string, at: number) => boolean>> = {
  '^': (_text, at) => at === 0,
  $: (text, at) => at === text.length,
  '\\b': isBoundary,
  '\\B': (text, at) => !isBoundary(text, at),
};

/** Only finds where the parts of a pattern begin and end; what a class or an escape means is left to the runtime. */
class Parser {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#pattern.length) throw new Unusable(`the ${this.#pattern[this.#at]} closes nothing`);
    return node;
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at] ?? ''))
      parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Node {
    const part = this.#atom();
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})(\??)/.exec(this.#pattern.slice(this.#at));
    if (!found) return part;
    this.#at += found[0].length;
    const [sign = '', from = '', comma = '', to = '', lazy = ''] = found;
    const least = from === '' ? (sign.startsWith('+') ? 1 : 0) : Number(from);
    const isOpen = from === '' ? !sign.startsWith('?') : comma !== '' && to === '';
    const most = isOpen ? Infinity : from === '' ? 1 : comma === '' ? least : Number(to);
    if (Math.max(least, isOpen ? 0 : most) > MOST_REPEATS)
      throw new Unusable(`it repeats more than ${MOST_REPEATS} times`);
    if (part.kind === 'assert' || (most > 1 && mayBeEmpty(part))) throw new Unusable('it repeats what may be empty');
    return { kind: 'repeat', part, least, most, isLazy: lazy !== '' };
  }

  #atom(): Node {
    if (this.#take('(')) return this.#group();
    const source = this.#token();
    const holds = ASSERTIONS[source];
    if (holds) return { kind: 'assert', holds };
    if (/^\\[1-9k]/.test(source)) throw new Unusable('it refers back');
    const single = new RegExp(`^(?:${source})$`, 'u');
    return { kind: 'one', test: (character) => single.test(character) };
  }

  #group(): Node {
    if (this.#take('?') && !this.#take(':')) throw new Unusable('it looks around, or names a group');
    const node = this.#choice();
    if (!this.#take(')')) throw new Unusable('a group is not closed');
    return node;
  }

  /** The source of one character, class or escape. */
  #token(): string {
    const rest = this.#pattern.slice(this.#at);
    const found =
      /^\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}(?:\\u[0-9a-f]{4})?|x[0-9a-f]{2}|[pP]\{[^}]*\}|c[a-z]|.)/isu.exec(rest) ??
      /^\[(?:\\.|[^\]\\])*\]/su.exec(rest) ??
      /^[^]/u.exec(rest);
    const source = found?.[0] ?? '';
    this.#at += source.length;
    return source;
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
}

function mayBeEmpty(node: Node): boolean {
  if (node.kind === 'one') return false;
  if (node.kind === 'assert') return true;
  if (node.kind === 'repeat') return node.least === 0 || mayBeEmpty(node.part);
  return node.kind === 'choice' ? node.parts.some(mayBeEmpty) : node.parts.every(mayBeEmpty);
}

function compile(node: Node): Instruction[] {
  const program: Instruction[] = [];
  emit(node, program);
  program.push({ op: 'match' });
  return program;
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > MOST_INSTRUCTIONS) throw new Unusable('it is too long once its repetitions are written out');
  if (node.kind === 'one') program.push({ op: 'one', test: node.test });
  else if (node.kind === 'assert') program.push({ op: 'assert', holds: node.holds });
  else if (node.kind === 'sequence') for (const part of node.parts) emit(part, program);
  else if (node.kind === 'choice') emitChoice(node.parts, program);
  else emitRepeat(node, program);
}

function emitChoice([first, ...rest]: readonly Node[], program: Instruction[]): void {
  if (!first) return;
  if (rest.length === 0) return emit(first, program);
  const split = program.push({ op: 'match' }) - 1;
  emit(first, program);
  const jump = program.push({ op: 'match' }) - 1;
  program[split] = { op: 'split', first: split + 1, second: program.length };
  emitChoice(rest, program);
  program[jump] = { op: 'jump', to: program.length };
}

function emitRepeat({ part, least, most, isLazy }: Extract<Node, { kind: 'repeat' }>, program: Instruction[]): void {
  for (let count = 0; count < least; count += 1) emit(part, program);
  const split = (to: number, past: number): Instruction =>
    isLazy ? { op: 'split', first: past, second: to } : { op: 'split', first: to, second: past };
  if (most === Infinity) {
    const begin = program.push({ op: 'match' }) - 1;
    emit(part, program);
    program.push({ op: 'jump', to: begin });
    program[begin] = split(begin + 1, program.length);
    return;
  }
  const splits: number[] = [];
  for (let count = least; count < most; count += 1) {
    splits.push(program.push({ op: 'match' }) - 1);
    emit(part, program);
  }
  for (const at of splits) program[at] = split(at + 1, program.length);
}

/** Characters that may be looked at for each one of the text. */
const MOST_LOOKS = 100;

function replaceAll(program: readonly Instruction[], text: string, by: string): { text: string; found: number } {
  const parts: string[] = [];
  let [from, found, looked] = [0, 0, 0];
  for (;;) {
    const match = run(program, text, from);
    looked += match.looked;
    if (looked > MOST_LOOKS * (text.length + 100)) return { text: by, found: found + 1 };
    if (match.end === null) return { text: parts.join('') + text.slice(from), found };
    parts.push(text.slice(from, match.start), by);
    from = match.end;
    found += 1;
  }
}

interface Found {
  readonly start: number;
  /** Null: none. */
  readonly end: number | null;
  /** Characters that were looked at. */
  readonly looked: number;
}

interface Thread {
  readonly at: number;
  readonly start: number;
}

/** The first match that begins at `from` or later. Positions are UTF-16 code units. */
function run(program: readonly Instruction[], text: string, from: number): Found {
  let threads: Thread[] = [];
  let found: { readonly start: number; readonly end: number } | null = null;
  for (let at = from; ;) {
    const live = new Set<number>();
    const here: Thread[] = [];
    for (const { at: place, start } of threads) follow(program, text, at, { at: place, start }, live, here);
    if (found === null) follow(program, text, at, { at: 0, start: at }, live, here);
    const character = at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : '';
    threads = [];
    for (const { at: place, start } of here) {
      const instruction = program[place];
      if (instruction?.op === 'match') {
        // Nothing was preferred to it: what comes after is not looked at.
        found = { start, end: at };
        break;
      } else if (instruction?.op === 'one' && character !== '' && instruction.test(character))
        threads.push({ at: place + 1, start });
    }
    if (at >= text.length || (found !== null && threads.length === 0))
      return { start: found?.start ?? at, end: found?.end ?? null, looked: at - from + 1 };
    at += character.length;
  }
}

/** Adds the states that a state leads to without taking a character, each once. */
function follow(
  program: readonly Instruction[],
  text: string,
  at: number,
  first: Thread,
  live: Set<number>,
  into: Thread[],
): void {
  const waiting = [first.at];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const instruction = program[place];
    if (instruction === undefined || live.has(place)) continue;
    live.add(place);
    if (instruction.op === 'jump') waiting.push(instruction.to);
    else if (instruction.op === 'split') waiting.push(instruction.second, instruction.first);
    else if (instruction.op === 'assert') {
      if (instruction.holds(text, at)) waiting.push(place + 1);
    } else into.push({ at: place, start: first.start });
  }
}
