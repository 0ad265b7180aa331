import type { ReactNode } from 'react';
import classes from './markdown.module.css';

/** Characters that reorder or hide what a person reads: bidirectional marks, invisible spaces, control codes. */
const hiddenCharacter =
  // eslint-disable-next-line no-control-regex -- finding control characters is the purpose
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;

/** Writes hidden characters as `[U+202E]`: for titles, names and ids, where a string is needed. */
export function withVisibleControls(text: string): string {
  return text.replace(hiddenCharacter, (character) => `[${codePoint(character)}]`);
}

/** The same for code, with each hidden character marked as not being part of the text. */
export function visibleControls(text: string): ReactNode {
  const matches = [...text.matchAll(hiddenCharacter)];
  if (matches.length === 0) return text;
  const out: ReactNode[] = [];
  let copied = 0;
  for (const match of matches) {
    out.push(text.slice(copied, match.index), <HiddenCharacter key={match.index} character={match[0]} />);
    copied = match.index + match[0].length;
  }
  out.push(text.slice(copied));
  return out;
}

function HiddenCharacter({ character }: { readonly character: string }) {
  return <span className={classes.hiddenCharacter}>{codePoint(character)}</span>;
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
