import type { Root } from 'hast';
import { common, createLowlight } from 'lowlight';

const lowlight = createLowlight(common);

/** Beyond this a grammar may take longer than a person waits for colours. */
const longestCode = 60_000;

/**
 * Splits code into tokens with class names; undefined where the language is not known.
 * Loaded lazily: the grammars weigh more than the rest of the reading pane.
 */
export function highlight(code: string, language: string): Root | undefined {
  if (code.length > longestCode || !lowlight.registered(language)) return undefined;
  return lowlight.highlight(language, code, { prefix: 'hl-' });
}
