import { Button } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { useClient } from '../../lib/client-context.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import classes from './memory.module.css';
import { ProposalCard } from './proposal-card.tsx';
import type { MemoryView } from './shown-memories.ts';
import { useMemoryChange } from './use-memory-change.ts';

const words = strings.memory.inbox;
/** As many as a person looks at in one sitting. */
const atOnce = 50;

/** What was found in the person's own messages and waits for a yes or a no. */
export function InboxView() {
  const proposals = useMethod('memory.list', { state: 'proposed' });
  return (
    <div className={classes.column}>
      <div className={classes.start}>
        <p className={classes.hint}>{words.intro}</p>
        <LookButton />
      </div>
      {proposals.error && !proposals.data && (
        <ErrorState title={words.failed} error={proposals.error} onRetry={() => void proposals.refetch()} />
      )}
      {proposals.isPending && <p className={classes.hint}>{strings.app.loading}</p>}
      {proposals.data?.length === 0 && (
        <div ref={takeLostFocus} tabIndex={-1}>
          <EmptyState icon={<IconInbox size={32} />} title={words.emptyTitle} hint={words.emptyHint} />
        </div>
      )}
      {proposals.data !== undefined && proposals.data.length > 0 && <Proposals proposals={proposals.data} />}
    </div>
  );
}

function LookButton() {
  const client = useClient();
  const change = useMemoryChange();
  const [isLooking, setLooking] = useState(false);
  const look = async () => {
    setLooking(true);
    try {
      return await client.call('memory.extract', {});
    } finally {
      setLooking(false);
    }
  };
  return (
    <Button
      variant="default"
      aria-disabled={isLooking}
      onClick={() => change(look, ({ proposed }) => words.found(proposed.length))}
    >
      {isLooking ? words.looking : words.look}
    </Button>
  );
}

function Proposals({ proposals }: { readonly proposals: readonly MemoryView[] }) {
  const [shown, setShown] = useState(atOnce);
  const left = proposals.length - shown;
  return (
    <>
      <ul className={classes.plain} aria-label={words.list}>
        {proposals.slice(0, shown).map((proposal) => (
          <ProposalCard key={proposal.id} proposal={proposal} />
        ))}
      </ul>
      {left > 0 && (
        <Button variant="default" onClick={() => setShown(shown + atOnce)}>
          {words.more(left)}
        </Button>
      )}
    </>
  );
}
