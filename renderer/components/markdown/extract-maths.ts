/** A formula lifted out of a message before Markdown sees it. */
export interface Formula {
  /** As written, delimiters included: what stands there when it cannot be typeset. */
  readonly source: string;
  readonly tex: string;
  readonly display: boolean;
}

export interface Extracted {
  /** The message with `U+E000 <index> U+E001` in the place of each formula. */
  readonly text: string;
  readonly formulas: readonly Formula[];
}

/** Finds the placeholders that `extractMaths` leaves; the group is the index. */
export const placeholder = /\uE000(\d+)\uE001/g;

const longestInline = 2_000;
const longestDisplay = 20_000;

/**
 * Lifts `$…$`, `$$…$$`, `\(…\)` and `\[…\]` out of a Markdown text.
 *
 * This runs before the Markdown parser because Markdown would eat the backslashes, read `_` and `*` as emphasis, and
 * take a line that starts with `+` or `=` for a list or a heading. Fenced code and code spans are skipped; a formula
 * found in a place that turns out to be code after all (indented code, a link's address) is put back by `remarkMaths`.
 *
 * Dollars follow pandoc's rule (no space inside, no digit after), so that `$5 and $10` stays two prices.
 */
export function extractMaths(text: string): Extracted {
  if (!/[$\\]/.test(text)) return { text, formulas: [] };
  const formulas: Formula[] = [];
  let out = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const next = nextToken(text, at);
    if (next === undefined) break;
    if ('formula' in next) {
      out += `${text.slice(copied, next.start)}\uE000${formulas.length}\uE001`;
      formulas.push(next.formula);
      copied = next.end;
    }
    at = next.end;
  }
  return { text: out + text.slice(copied), formulas };
}

/** Puts the sources back where a placeholder landed in something that is not prose. */
export function restoreMaths(text: string, formulas: readonly Formula[]): string {
  return text.replace(placeholder, (whole, index: string) => formulas[Number(index)]?.source ?? whole);
}

type Token = { readonly end: number } | { readonly start: number; readonly end: number; readonly formula: Formula };

/** A line that can open a fence: inside any quotes and list markers, three or more backticks or tildes. */
const fenceOpening = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(`{3,}(?!.*`)|~{3,})/;
const interesting = /[$\\`~]/g;

/** The next thing after `from` that is a formula, or has to be stepped over (code, an escape, a lone dollar). */
function nextToken(text: string, from: number): Token | undefined {
  interesting.lastIndex = from;
  const found = interesting.exec(text);
  if (!found) return undefined;
  const start = found.index;
  switch (found[0]) {
    case '`':
    case '~':
      return { end: endOfCode(text, start) };
    case '\\':
      return bracketed(text, start) ?? { end: start + 2 };
    default:
      return dollars(text, start) ?? { end: endOfRun(text, start) };
  }
}

function endOfRun(text: string, start: number): number {
  let end = start;
  while (text[end] === text[start]) end += 1;
  return end;
}

/** Where the code that begins here ends: a fence's last line, a code span's last backtick, or just this run. */
function endOfCode(text: string, start: number): number {
  const afterRun = endOfRun(text, start);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const fence = fenceOpening.exec(lineAt(text, lineStart))?.[1];
  if (fence !== undefined && lineStart + lineAt(text, lineStart).indexOf(fence) === start) {
    return endOfFence(text, afterRun, fence);
  }
  if (text[start] === '~') return afterRun;
  const close = closingBackticks(text, afterRun, afterRun - start);
  return close ?? afterRun;
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
}

function endOfFence(text: string, from: number, fence: string): number {
  let lineStart = text.indexOf('\n', from) + 1;
  while (lineStart > 0) {
    const line = lineAt(text, lineStart)
      .replace(/^[ \t>]*/, '')
      .trimEnd();
    const closes = line.length >= fence.length && line === (fence[0] ?? '`').repeat(line.length);
    const next = text.indexOf('\n', lineStart) + 1;
    if (closes) return next > 0 ? next - 1 : text.length;
    lineStart = next;
  }
  return text.length;
}

function closingBackticks(text: string, from: number, length: number): number | undefined {
  const paragraphEnd = blankLineAfter(text, from);
  let at = text.indexOf('`', from);
  while (at >= 0 && at < paragraphEnd) {
    const end = endOfRun(text, at);
    if (end - at === length) return end;
    at = text.indexOf('`', end);
  }
  return undefined;
}

const blankLine = /\n[ \t>]*\n/g;

function blankLineAfter(text: string, from: number): number {
  blankLine.lastIndex = from;
  return blankLine.exec(text)?.index ?? text.length;
}

/** `\(…\)` and `\[…\]`, as ChatGPT writes them. */
function bracketed(text: string, start: number): Token | undefined {
  const display = text[start + 1] === '[';
  if (!display && text[start + 1] !== '(') return undefined;
  const end = closing(text, start + 2, display ? '\\]' : '\\)', display ? longestDisplay : longestInline);
  if (end === undefined) return undefined;
  const body = text.slice(start + 2, end - 2);
  if (!display && /\n\s*\n/.test(body)) return undefined;
  if (display && !looksDisplayed(text, start, end, body)) return undefined;
  return formula(text, start, end, body, display);
}

/** Finds `mark` that no backslash escapes; the index after it. */
function closing(text: string, from: number, mark: string, limit: number): number | undefined {
  let at = text.indexOf(mark, from);
  while (at >= 0 && at - from <= limit) {
    if (at > from && !isEscaped(text, at)) return at + mark.length;
    at = text.indexOf(mark, at + 1);
  }
  return undefined;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** `\[1\]` and `\[text\](url)` are escaped brackets, not formulas. */
function looksDisplayed(text: string, start: number, end: number, body: string): boolean {
  if (text[end] === '(' || body.trim() === '') return false;
  if (/[\\^_=<>{}]/.test(body)) return true;
  return opensLine(text, start) && /^[ \t]*(?:\n|$)/.test(text.slice(end, end + 40));
}

/** What stands before `at` on its line is only indentation, quotes and list markers. */
function opensLine(text: string, at: number): boolean {
  return /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at));
}

function dollars(text: string, start: number): Token | undefined {
  const run = endOfRun(text, start) - start;
  if (run === 1) return inlineDollars(text, start);
  return run === 2 ? displayDollars(text, start) : undefined;
}

function displayDollars(text: string, start: number): Token | undefined {
  const end = closing(text, start + 2, '$$', longestDisplay);
  if (end === undefined || text[end] === '$' || text[end - 3] === '$') return undefined;
  const body = text.slice(start + 2, end - 2);
  if (body.trim() === '' || (!opensLine(text, start) && /\n\s*\n/.test(body))) return undefined;
  return formula(text, start, end, body, true);
}

function inlineDollars(text: string, start: number): Token | undefined {
  if (/[\p{L}\p{N}]/u.test(text[start - 1] ?? ' ') || /\s/.test(text[start + 1] ?? ' ')) return undefined;
  const end = closing(text, start + 1, '$', longestInline);
  if (end === undefined || text[end] === '$') return undefined;
  const body = text.slice(start + 1, end - 1);
  const spaced = /\s$/.test(body) || /\n\s*\n/.test(body);
  if (spaced || /[\p{L}\p{N}]/u.test(text[end] ?? ' ') || looksLikeMoney(body)) return undefined;
  return formula(text, start, end, body, false);
}

/** `$20 a month or 30$`: begins with an amount, goes on in words, and holds no operator. */
function looksLikeMoney(body: string): boolean {
  return /^\d[\d.,]*\s*\p{L}{2,}|^\d[\d.,]*[\s,;.]+\p{L}+\s/u.test(body) && !/[\\^_={}<>+*|]/.test(body);
}

function formula(text: string, start: number, end: number, body: string, display: boolean): Token {
  return {
    start,
    end,
    formula: { source: text.slice(start, end), tex: withoutQuoteMarks(text, start, body), display },
  };
}

/** In a quoted block every further line begins with `>` marks, which are not part of the formula. */
function withoutQuoteMarks(text: string, start: number, body: string): string {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return (/^[ \t]*>/.test(before) ? body.replace(/\n[ \t]*(?:>[ \t]?)+/g, '\n') : body).trim();
}
