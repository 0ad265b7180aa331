import { createContext, use, useState } from 'react';
import { createLongTextMemory, type LongTextMemory } from '../../components/markdown/long-markdown.tsx';

/**
 * Which folded parts and long texts of the thread are open, by message and part. Kept outside the messages because a
 * virtual list forgets what it scrolls away: a part that folded by itself would make the text jump.
 */
export interface Disclosures {
  readonly parts: Map<string, boolean>;
  readonly longTexts: Map<string, LongTextMemory>;
}

export function createDisclosures(): Disclosures {
  return { parts: new Map(), longTexts: new Map() };
}

export const DisclosuresContext = createContext<Disclosures>(createDisclosures());

/** The state of one folded part, remembered as long as the thread is shown. */
export function useDisclosure(key: string): readonly [boolean, (open: boolean) => void] {
  const { parts } = use(DisclosuresContext);
  const [, redraw] = useState(0);
  const setOpen = (open: boolean): void => {
    parts.set(key, open);
    redraw((count) => count + 1);
  };
  return [parts.get(key) ?? false, setOpen];
}

/** What is remembered about one long text as long as the thread is shown. */
export function useLongTextMemory(key: string): LongTextMemory {
  const { longTexts } = use(DisclosuresContext);
  const known = longTexts.get(key);
  if (known) return known;
  const memory = createLongTextMemory();
  longTexts.set(key, memory);
  return memory;
}
