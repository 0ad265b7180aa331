import { VisuallyHidden } from '@mantine/core';
import { useEffect } from 'react';
import type { Output } from '../../../shared/ipc/contract.ts';
import type { SearchHit } from '../../../shared/ipc/models.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { HighlightedText } from '../../components/highlighted-text.tsx';
import { formatShortDate } from '../../lib/format.ts';
import { useRoute, type Route } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { useToday } from '../../lib/use-today.ts';
import { titleOf } from '../conversations/conversation-text.ts';
import { mostHits, useSearch } from './search-context.tsx';
import { hitElementId, resultsElementId } from './search-ids.ts';
import classes from './search-results.module.css';

const texts = strings.search;

/** What a search found, in the place of the list. */
export function SearchResults() {
  const search = useSearch();
  const { result, error } = search;
  return (
    <section className={classes.pane} aria-label={texts.resultsLabel}>
      <VisuallyHidden component="h1">{texts.resultsLabel}</VisuallyHidden>
      <div className={classes.header}>
        <output className={classes.count}>{countText(result, error !== null)}</output>
        {result && <span className={classes.took}>{texts.took(result.took_ms)}</span>}
      </div>
      {result && <CoverageNote coverage={result.coverage} />}
      <div className={classes.body}>
        {error ? (
          <ErrorState title={texts.failed} error={error} onRetry={search.retry} />
        ) : (
          result && <Hits hits={result.hits} />
        )}
      </div>
    </section>
  );
}

function countText(result: Output<'search.query'> | undefined, hasFailed: boolean): string {
  if (hasFailed) return '';
  return result ? texts.count(result.hits.length, result.hits.length >= mostHits) : texts.searching;
}

function CoverageNote({ coverage }: { readonly coverage: Output<'search.query'>['coverage'] }) {
  const note = noteOf(coverage);
  return note === undefined ? null : <p className={classes.note}>{note}</p>;
}

function noteOf({ state, engine, indexed, total }: Output<'search.query'>['coverage']): string | undefined {
  if (state === 'building') return texts.building(indexed, total);
  if (state === 'failed') return texts.failedIndex;
  return engine === 'scan' ? texts.scan : undefined;
}

function Hits({ hits }: { readonly hits: readonly SearchHit[] }) {
  const search = useSearch();
  const route = useRoute();
  useEffect(() => {
    document.getElementById(hitElementId(search.activeIndex))?.scrollIntoView({ block: 'nearest' });
  }, [search.activeIndex]);
  if (hits.length === 0) return <NothingFound text={search.text.trim()} />;
  return (
    <div id={resultsElementId} role="listbox" aria-label={texts.resultsLabel}>
      {hits.map((hit, index) => (
        <Hit
          key={`${hit.collection}/${hit.id}`}
          hit={hit}
          index={index}
          isActive={index === search.activeIndex}
          isOpen={isShown(hit, route)}
          onOpen={() => {
            search.setActiveIndex(index);
            search.open(hit);
          }}
        />
      ))}
    </div>
  );
}

interface HitProps {
  readonly hit: SearchHit;
  readonly index: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function Hit({ hit, index, isActive, isOpen, onOpen }: HitProps) {
  const today = useToday();
  return (
    // The search field handles the keys for all results.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={hitElementId(index)}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className={classes.hit}
      data-open={isOpen || undefined}
      onClick={onOpen}
    >
      <div className={classes.first}>
        <span className={classes.title}>{titleOf(hit)}</span>
        <time className={classes.when} dateTime={hit.created_at}>
          {formatShortDate(hit.created_at, today)}
        </time>
      </div>
      <p className={classes.snippet}>
        <HighlightedText text={hit.snippet} ranges={hit.ranges} />
      </p>
    </div>
  );
}

function isShown(hit: SearchHit, route: Route): boolean {
  if (route.page !== 'conversations' || route.conversationId !== hit.conversation_id) return false;
  return hit.collection === 'messages' ? route.messageId === hit.id : route.messageId === undefined;
}

function NothingFound({ text }: { readonly text: string }) {
  return (
    <div className={classes.nothing}>
      <h2 className={classes.nothingTitle}>{texts.empty.title(text)}</h2>
      <ul className={classes.hints}>
        {texts.empty.hints.map((hint) => (
          <li key={hint}>{hint}</li>
        ))}
      </ul>
    </div>
  );
}
