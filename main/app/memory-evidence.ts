import { textOfContent } from '../../shared/collections/content.ts';
import type { Evidence } from '../../shared/collections/memories.ts';
import { findQuote } from '../../shared/find-quote.ts';
import type { Store } from '../../shared/store/store.ts';

/** A message that a memory rests on: its id, or with the sentence in it. */
export type Cited = string | { readonly message_id: string; readonly quote: string };

/** Of a message that is cited as a whole. */
const QUOTE = 500;

/**
 * Links to messages: with the sentence that was cited, as it stands in the message, else with the message's beginning. A
 * message that is not in this vault is named all the same.
 */
export async function evidenceOf(store: Store, cited: readonly Cited[]): Promise<Evidence[]> {
  if (cited.length === 0) return [];
  const ids = cited.map(idOf);
  const found = new Map((await store.collection('messages').find({ id: { $in: ids } })).map((each) => [each.id, each]));
  return cited.map((each): Evidence => {
    const message = found.get(idOf(each));
    const given = typeof each === 'string' ? {} : { quote: each.quote };
    if (!message) return { message_id: idOf(each), ...given };
    const { conversation_id, content, created_at } = message;
    const quoted = quotation(textOfContent(content), typeof each === 'string' ? undefined : each.quote);
    return { message_id: message.id, conversation_id, ...quoted, at: created_at };
  });
}

function idOf(cited: Cited): string {
  return typeof cited === 'string' ? cited : cited.message_id;
}

function quotation(text: string, quote: string | undefined): Pick<Evidence, 'quote' | 'range'> {
  if (quote === undefined) return { quote: text.slice(0, QUOTE) };
  const place = findQuote(text, quote);
  return place ? { quote: text.slice(...place), range: [...place] } : { quote };
}
