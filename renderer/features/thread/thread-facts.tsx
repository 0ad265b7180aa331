import type { Thread } from '../../../shared/ipc/models.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDate, formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { providerOf } from '../conversations/conversation-text.ts';
import classes from './thread-header.module.css';

interface ThreadFactsProps {
  readonly conversation: Thread['conversation'];
  readonly total: number;
  readonly hidden: number;
  readonly models: readonly string[];
}

const words = strings.thread.header;

/** One quiet line: when, from where, with which models, how much, tags. */
export function ThreadFacts({ conversation, total, hidden, models }: ThreadFactsProps) {
  const source = providerOf({ provider: conversation.source_app ?? conversation.provider });
  const begun = formatDate(conversation.created_at);
  const last = formatDate(conversation.updated_at);
  return (
    <p className={classes.facts}>
      <span title={words.created(formatDateTime(conversation.created_at))}>
        <time dateTime={conversation.created_at}>{begun}</time>
        {begun !== last && (
          <>
            {' – '}
            <time dateTime={conversation.updated_at} title={words.updated(formatDateTime(conversation.updated_at))}>
              {last}
            </time>
          </>
        )}
      </span>
      {source !== undefined && <span>{source}</span>}
      {models.length > 0 && <span>{withVisibleControls(models.join(', '))}</span>}
      <span>{words.messages(total)}</span>
      {hidden > 0 && (
        <span className={classes.hidden} title={words.hiddenHint(hidden)}>
          {words.hidden(hidden)}
        </span>
      )}
      {conversation.tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          {withVisibleControls(tag)}
        </span>
      ))}
    </p>
  );
}
