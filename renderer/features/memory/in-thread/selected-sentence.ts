export interface SelectedSentence {
  readonly messageId: string;
  readonly quote: string;
  /** Where it ends on the screen. */
  readonly box: DOMRect;
}

const shortest = 3;
/** The contract's limit. */
const longest = 10_000;

/** What is selected in the text of one message; undefined where nothing is, or more than one message. */
export function selectedSentence(): SelectedSentence | undefined {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const body = elementOf(range.commonAncestorContainer)?.closest('[data-body]');
  const messageId = body?.closest<HTMLElement>('[data-message]')?.dataset['message'];
  const quote = selection.toString().replace(/\s+/g, ' ').trim();
  if (messageId === undefined || quote.length < shortest || quote.length > longest) return undefined;
  return { messageId, quote, box: range.getBoundingClientRect() };
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}
