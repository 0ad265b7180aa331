import { useMemo } from 'react';
import { SafeLink } from '../../components/markdown/safe-link.tsx';
import { placeOf } from '../../components/markdown/safe-url.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { strings } from '../../lib/strings.ts';
import { readCitations } from './citations.ts';
import { useDisclosure } from './disclosures.ts';
import classes from './message-view.module.css';

interface CitationListProps {
  readonly citations: readonly Record<string, unknown>[];
  readonly memoryKey: string;
}

const shownAtFirst = 5;

/** The sources of a message as a numbered list at its foot. */
export function CitationList({ citations, memoryKey }: CitationListProps) {
  const [isWhole, setWhole] = useDisclosure(memoryKey);
  const sources = useMemo(() => readCitations(citations), [citations]);
  if (sources.length === 0) return null;
  const shown = isWhole ? sources : sources.slice(0, shownAtFirst);
  return (
    <section className={classes.citations} aria-label={strings.thread.sources.label}>
      <ol>
        {shown.map(({ title, href }) => (
          <li key={href ?? title}>
            {href === undefined ? (
              withVisibleControls(title)
            ) : (
              <>
                <SafeLink href={href}>{withVisibleControls(title)}</SafeLink>{' '}
                <span className={classes.citationHost}>{placeOf(href)}</span>
              </>
            )}
          </li>
        ))}
      </ol>
      {shown.length < sources.length && (
        <button type="button" className={classes.more} onClick={() => setWhole(true)}>
          {strings.thread.sources.all(sources.length)}
        </button>
      )}
    </section>
  );
}
