/**
 * A pattern of JavaScript in the server's dialect (PCRE2), where both mean the same; null where that is not certain, and
 * the pattern has to be judged here. The differences: `$` there also matches before a last line break, `.` there
 * matches all but \n, `\s` there is ASCII, `\w` and `\b` with `i` there are ASCII, and escapes are written otherwise.
 */
export function serverPattern(pattern: RegExp): { readonly source: string; readonly options: string } | null {
  const { flags } = pattern;
  const isFolding = flags.includes('i');
  // Without `u` a character beyond the basic plane counts as two here, and `i` folds fewer letters.
  const isPlainMode = !flags.includes('u');
  if (/[mvy]/.test(flags) || (isFolding && isPlainMode)) return null;
  if ((isFolding || isPlainMode) && !isAscii(pattern.source)) return null;
  let source = '';
  for (let at = 0; at < pattern.source.length;) {
    const token = TOKEN.exec(pattern.source.slice(at))?.[0];
    const translated =
      token === undefined ? null : translate(token, { isDotAll: flags.includes('s'), isFolding, isPlainMode });
    if (token === undefined || translated === null) return null;
    source += translated;
    at += token.length;
  }
  return { source, options: isFolding ? 'i' : '' };
}

/** An escape, a character class without escapes inside, a group's opening, a quantifier, or one character. */
const TOKEN = /^(?:\\[^]|\[[^\]\\[]*\]|\(\?:?|\{\d+(?:,\d*)?\}|[^])/u;
const QUANTIFIER = /^\{/;
const LITERAL_ESCAPE = /^\\[.*+?^${}()|[\]\\/]$/;
const SPACES =
  '\\t\\n\\x0B\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}';
const LINE_ENDS = '\\n\\r\\x{2028}\\x{2029}';

interface Mode {
  readonly isDotAll: boolean;
  readonly isFolding: boolean;
  readonly isPlainMode: boolean;
}

function translate(token: string, { isDotAll, isFolding, isPlainMode }: Mode): string | null {
  if (token === '$') return '\\z';
  if (token === '.') return isPlainMode ? null : isDotAll ? '(?s:.)' : `[^${LINE_ENDS}]`;
  if (token.startsWith('\\')) return translateEscape(token, isFolding, isPlainMode);
  if (token.startsWith('[')) return translateClass(token, isPlainMode);
  if (token === '{' || token === '}' || token === ']') return null;
  // What is looked ahead for makes the server's optimiser overlook texts: it does not find `a` by `(?=a)A*a`.
  if (token === '(?') return null;
  if (token.startsWith('(?') || QUANTIFIER.test(token)) return token;
  return token;
}

function translateEscape(token: string, isFolding: boolean, isPlainMode: boolean): string | null {
  if (LITERAL_ESCAPE.test(token)) return token;
  if (token === '\\d') return '[0-9]';
  if (token === '\\D') return isPlainMode ? null : '[^0-9]';
  if (token === '\\w' && !isFolding) return '[A-Za-z0-9_]';
  if (token === '\\s') return `[${SPACES}]`;
  if (token === '\\S') return isPlainMode ? null : `[^${SPACES}]`;
  return /^\\[tnr]$/.test(token) ? token : null;
}

/** `[]` and `[^]` JavaScript has and PCRE has not; `[:` begins a name there; outside `u` a negated class is half a character. */
function translateClass(token: string, isPlainMode: boolean): string | null {
  const inside = token.slice(1, -1);
  if (inside === '' || inside === '^' || inside.includes('&&') || inside.includes('--')) return null;
  if (isPlainMode && inside.startsWith('^')) return null;
  return token;
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the whole range is meant
  return /^[\u0000-\u007f]*$/.test(text);
}
