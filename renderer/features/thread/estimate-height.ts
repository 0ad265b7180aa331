import { partsOf } from '../../../shared/collections/content.ts';
import type { ThreadMessage } from '../../../shared/ipc/models.ts';

const charactersPerLine = 75;
const lineHeight = 28;
const surroundings = 80;
const foldedPart = 38;
/** Of a message that is not there yet. */
const unknown = 240;
/** A longer text begins folded. */
const most = 10_000;

/** Roughly how high a message will be drawn, in pixels: it steadies the scroll bar before anything is measured. */
export function estimateHeight(message: ThreadMessage | undefined): number {
  if (message === undefined) return unknown;
  const inside = partsOf(message.content).reduce((sum, part) => {
    if (part.type !== 'text' && part.type !== 'code') return sum + foldedPart;
    return sum + Math.ceil(part.text.length / charactersPerLine) * lineHeight;
  }, surroundings);
  return Math.min(inside, most);
}
