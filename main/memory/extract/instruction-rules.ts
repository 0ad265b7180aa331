import { type StatementRule, pattern } from './rule.ts';
import { languages } from './words.ts';

/** How the person wants to be answered. After the rules that read a statement closer. */
export const instructionRules: readonly StatementRule[] = [
  pattern(
    'please not',
    `(?:Please )?(?:don['’]t|do not) (use (?:jargon|emojis?|tables|bullet points|headings|abbreviations|passive voice|exclamation marks)\\b.*)$`,
    ([what]) => `Do not ${what}`,
    0.85,
  ),
  pattern(
    'by default',
    `(?:Please )?((?:answer|reply|respond|write)(?: to)?(?: me)? in (?:${languages}|plain english|short sentences|bullet points)) (?:by default|from now on|always|in future)$`,
    ([what]) => `${what} by default`,
    0.85,
  ),
  pattern(
    'in everything',
    `(?:I['’]d like|I would like|I want|Use|Please use) ((?:british|american|canadian|australian|german|french|metric|imperial|plain|simple) [\\p{L}]+) in (everything|all) you write(?: for me)?$`,
    ([what, where]) => `Wants ${what} in ${where} you write`,
    0.85,
  ),
  pattern(
    'always wants',
    `I always want (an? (?!(?:\\p{L}+ )?(?:answer|list|table)\\b).+|the (?:window|aisle) .+)$`,
    ([what]) => `Always wants ${what}`,
  ),
];
