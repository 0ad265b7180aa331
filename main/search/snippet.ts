import { findPhrases } from './phrase-finder.ts';
import type { SearchQuery } from './query.ts';

export interface Snippet {
  /** One line of text around the best place, `…` where it was cut. */
  readonly snippet: string;
  /** The found words in it: [start, end) in UTF-16 code units, in order, not overlapping. */
  readonly ranges: [number, number][];
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly phrase: number;
}

/** Characters of the snippet, about. */
const width = 160;
/** Characters before the first found word. */
const lead = 40;
/** Enough to choose the best place; more would only take time in long texts. */
const mostMatches = 400;
/** Looked at first: where words are frequent, the best place is among them. */
const firstMatches = 30;

/** Cuts a snippet out of the original text at the first place with the most of the query's words, and marks them. */
export function makeSnippet(text: string, query: SearchQuery): Snippet {
  const spans = spansOf(text, query);
  const place = bestPlace(spans);
  const from = place === null ? 0 : startOf(text, place.start);
  const to = endOf(text, Math.max(from + width, place?.end ?? 0));
  return clean(text, from, to, joined(spans, from, to));
}

/** Whether any of the query's words stands in the text. */
export function isFoundIn(text: string, query: SearchQuery): boolean {
  if (query.kind === 'words') return findPhrases(text, query.phrases, { limit: 1 }).length > 0;
  return query.kind === 'substring' && text.includes(query.text);
}

function spansOf(text: string, query: SearchQuery): Span[] {
  if (query.kind === 'words') {
    const first = inOrder(findPhrases(text, query.phrases, { limit: firstMatches }));
    if (first.length < firstMatches || holdsAll(first, query.phrases.length)) return first;
    return inOrder(findPhrases(text, query.phrases, { limit: mostMatches }));
  }
  if (query.kind === 'empty') return [];
  const spans: Span[] = [];
  for (let at = text.indexOf(query.text); at >= 0 && spans.length < mostMatches;) {
    spans.push({ start: at, end: at + query.text.length, phrase: 0 });
    at = text.indexOf(query.text, at + query.text.length);
  }
  return spans;
}

function inOrder(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => a.start - b.start);
}

/** Whether no better place can follow than one of these, and nothing to be marked in it. */
function holdsAll(spans: readonly Span[], phrases: number): boolean {
  const place = bestPlace(spans);
  if (place === null || (spans.at(-1)?.start ?? 0) < place.end + width) return false;
  const near = spans.filter(({ start, end }) => start >= place.start && end <= place.start + width - lead);
  return new Set(near.map(({ phrase }) => phrase)).size === phrases;
}

function bestPlace(spans: readonly Span[]): Span | null {
  let best: Span | null = null;
  let most = 0;
  spans.forEach((span, index) => {
    const phrases = new Set<number>();
    for (let at = index; at < spans.length; at += 1) {
      const other = spans[at];
      if (!other || other.end > span.start + width - lead) break;
      phrases.add(other.phrase);
    }
    if (best === null || phrases.size > most) {
      best = span;
      most = phrases.size;
    }
  });
  return best;
}

/** A little before the place, at the beginning of a word. */
function startOf(text: string, place: number): number {
  const earliest = Math.max(0, place - lead);
  if (earliest === 0) return 0;
  const blank = /\s/.exec(text.slice(earliest - 1, place));
  return blank ? earliest + blank.index : wholeCharacter(text, earliest);
}

function endOf(text: string, wanted: number): number {
  if (wanted >= text.length) return text.length;
  const tail = text.slice(wanted - 20, wanted + 1);
  const blank = Math.max(tail.lastIndexOf(' '), tail.lastIndexOf('\n'));
  return blank > 0 ? wanted - 20 + blank : wholeCharacter(text, wanted);
}

/** The same place, or one earlier where it stands inside a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 && at > 0 ? at - 1 : at;
}

/** The spans inside the window, those that touch or overlap made one. */
function joined(spans: readonly Span[], from: number, to: number): [number, number][] {
  const ranges: [number, number][] = [];
  for (const span of spans) {
    const start = Math.max(span.start, from);
    const end = Math.min(span.end, to);
    const last = ranges.at(-1);
    if (start >= end) continue;
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else ranges.push([start, end]);
  }
  return ranges;
}

const blanks = /[\s\p{Cc}]+/gu;

/** Line breaks, control characters and runs of blanks become one blank; the ranges move along. */
function clean(text: string, from: number, to: number, ranges: readonly [number, number][]): Snippet {
  let snippet = from > 0 ? '…' : '';
  let done = from;
  /** Where this place of the text is in the snippet. */
  const placeOf = (place: number): number => {
    const piece = text.slice(done, place).replace(blanks, ' ');
    const isAfterBlank = snippet === '' || snippet === '…' || snippet.endsWith(' ');
    snippet += isAfterBlank && piece.startsWith(' ') ? piece.slice(1) : piece;
    done = place;
    return snippet.length;
  };
  const moved = ranges.map(([start, end]): [number, number] => [placeOf(start), placeOf(end)]);
  placeOf(to);
  return { snippet: snippet.trimEnd() + (to < text.length ? '…' : ''), ranges: moved };
}
