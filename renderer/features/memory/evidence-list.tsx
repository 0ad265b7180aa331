import { Button } from '@mantine/core';
import type { Evidence } from '../../../shared/collections/memories.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDateTime } from '../../lib/format.ts';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { plain } from './in-thread/sentences-of.ts';
import classes from './memory.module.css';

const words = strings.memory.evidence;

interface EvidenceListProps {
  readonly evidence: readonly Evidence[];
  readonly memoryId: string;
}

/** The sentences that speak for a memory, or against it, each with the way to its message. */
export function EvidenceList({ evidence, memoryId }: EvidenceListProps) {
  if (evidence.length === 0) return <p className={classes.hint}>{words.none}</p>;
  return (
    <ul className={classes.plain} aria-label={words.heading}>
      {evidence.map((each, at) => (
        // A message may be quoted twice; the places of a memory's evidence do not change.
        <li key={`${each.message_id}/${at}`} className={classes.evidence} data-stance={each.stance}>
          <EvidenceItem evidence={each} memoryId={memoryId} />
        </li>
      ))}
    </ul>
  );
}

function EvidenceItem({ evidence, memoryId }: { readonly evidence: Evidence; readonly memoryId: string }) {
  const { quote, at, stance, conversation_id: conversationId, message_id: messageId } = evidence;
  return (
    <>
      <blockquote className={classes.quote}>
        {withVisibleControls(quote === undefined ? words.noQuote : plainText(quote))}
      </blockquote>
      <p className={classes.hint}>
        {stance === 'contradicts' && <strong>{words.against}. </strong>}
        {at !== undefined && <time dateTime={at}>{formatDateTime(at)}</time>}
        {conversationId !== undefined && (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() =>
              navigate({ page: 'conversations', view: 'active', conversationId, messageId, markId: memoryId })
            }
          >
            {words.open}
          </Button>
        )}
      </p>
    </>
  );
}

/** Line by line, so that a list stays one. */
function plainText(quote: string): string {
  return quote.split('\n').map(plain).filter(Boolean).join('\n');
}
