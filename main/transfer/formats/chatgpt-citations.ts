import { isForeign, listAt, textAt, without } from './read-values.ts';
import type { Foreign } from './types.ts';

/**
 * What a message cites: `citations` (with places in the text), the pages of `content_references` that it replaced them with,
 * and the page that a quote was taken from. One entry per page and place.
 */
export function chatgptCitations(metadata: Foreign, content: Foreign): Foreign[] {
  const found = [
    ...listAt(metadata, 'citations').filter(isForeign).map(flatCitation),
    ...listAt(metadata, 'content_references').filter(isForeign).flatMap(referencedPages),
    ...quotedPage(content),
  ];
  const seen = new Set<string>();
  return found.filter((citation) => {
    const key = JSON.stringify([citation['url'] ?? citation['title'], citation['start_ix'], citation['end_ix']]);
    return !seen.has(key) && Boolean(seen.add(key));
  });
}

/** `{start_ix, end_ix, metadata: {type, title, url, …}}` with its metadata lifted up. */
function flatCitation(citation: Foreign): Foreign {
  const metadata = citation['metadata'];
  return isForeign(metadata) ? { ...metadata, ...without(citation, 'metadata') } : citation;
}

function referencedPages(reference: Foreign): Foreign[] {
  const place = { start_ix: reference['start_idx'], end_ix: reference['end_idx'] };
  const pages = [reference, ...listAt(reference, 'items'), ...listAt(reference, 'sources')].filter(isForeign);
  return pages.flatMap((page) => {
    const url = textAt(page, 'url');
    if (url === null) return [];
    const title = textAt(page, 'title', 'attribution') ?? url;
    return [without({ type: reference['type'], title, url, ...place })];
  });
}

function quotedPage(content: Foreign): Foreign[] {
  const isQuote = content['content_type'] === 'tether_quote' || content['content_type'] === 'sonic_webpage';
  const url = isQuote ? textAt(content, 'url') : null;
  return url === null ? [] : [{ title: textAt(content, 'title') ?? url, url }];
}
