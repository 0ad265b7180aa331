import { badFilter, shown } from './errors.ts';

/** Longer patterns are refused: matching time can grow without bound with the length of a pattern. */
export const MAX_PATTERN_LENGTH = 1000;

/** A letter after a backslash that JavaScript does not know, and would read as the letter alone. */
const foreignEscape = /\\[^\W_bBcdDfknpPrsStuvwWxX0-9]/;

/**
 * Reads $regex and $options. The flags are MongoDB's i, m, s, u; `x` (comments in patterns) JavaScript does not have.
 * A pattern from text is read in Unicode mode, where `.` is a whole character, as MongoDB does it.
 */
export function parsePattern(operand: unknown, options: unknown): RegExp {
  if (typeof operand !== 'string' && !(operand instanceof RegExp)) {
    throw badFilter(`$regex needs a text, not ${shown(operand)}.`, 'Write {"$regex": "^term"}.');
  }
  const source = typeof operand === 'string' ? operand : operand.source;
  if (source.length > MAX_PATTERN_LENGTH) {
    throw badFilter(
      `$regex has ${source.length} characters; at most ${MAX_PATTERN_LENGTH} are allowed.`,
      'Shorten the pattern, or use $in for a list of values.',
    );
  }
  const flags = parseOptions(options);
  if (typeof operand === 'string') return compilePattern(source, flags);
  // A RegExp that JavaScript has compiled already; with g and y it would remember its last match.
  const ownFlags = operand.flags.replace(/[gyd]/g, '');
  if (flags !== '' && ownFlags !== '') {
    throw badFilter('Options are given both in $regex and in $options.', 'Give them in one place.');
  }
  return new RegExp(source, ownFlags || flags);
}

function parseOptions(options: unknown): string {
  if (options === undefined) return '';
  if (typeof options === 'string' && /^[imsu]*$/.test(options)) return [...new Set(options)].join('');
  throw badFilter(`$options knows i, m, s and u, not ${shown(options)}.`, 'Leave the others out.');
}

function compilePattern(source: string, flags: string): RegExp {
  const plainFlags = flags.replace('u', '');
  try {
    return new RegExp(source, `${plainFlags}u`);
  } catch (unicodeError) {
    // Unicode mode refuses harmless things that PCRE takes, such as `\-` and a lone `}`. The older mode takes them,
    // but reads an escape that it does not know, such as PCRE's \A, as the letter: those must stay refused.
    if (foreignEscape.test(source)) throw unreadable(source, unicodeError);
  }
  try {
    return new RegExp(source, plainFlags);
  } catch (error) {
    throw unreadable(source, error);
  }
}

function unreadable(source: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return badFilter(
    `$regex cannot be read: ${shown(source)} (${reason}).`,
    'Use the syntax of JavaScript; give case-insensitivity as {"$options": "i"}.',
  );
}
