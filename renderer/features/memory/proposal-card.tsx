import { Button } from '@mantine/core';
import type { KeyboardEvent, SyntheticEvent } from 'react';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { useClient } from '../../lib/client-context.ts';
import { strings } from '../../lib/strings.ts';
import { ConfidenceBar } from './confidence-bar.tsx';
import { EvidenceList } from './evidence-list.tsx';
import classes from './memory.module.css';
import type { MemoryView } from './shown-memories.ts';
import { useUndoable } from './use-undoable.ts';

const words = strings.memory.inbox;

type Decision = 'accept' | 'reject';
const decisions: readonly { readonly decision: Decision; readonly key: string }[] = [
  { decision: 'accept', key: 'a' },
  { decision: 'reject', key: 'r' },
];

/** One proposal with the sentence it was found in; decided by a button or a key, and on to the next. */
export function ProposalCard({ proposal }: { readonly proposal: MemoryView }) {
  const client = useClient();
  const { id, text } = proposal;
  const change = useUndoable(id);
  const decide = (decision: Decision, event: SyntheticEvent): void => {
    const here = event.currentTarget.closest('li');
    const said = decision === 'accept' ? words.accepted : words.rejected;
    change(async () => {
      await client.call(`memory.${decision}`, { id });
      // The card goes: the keyboard goes on with its neighbour.
      const neighbour = here?.nextElementSibling ?? here?.previousElementSibling;
      if (here?.contains(document.activeElement)) neighbour?.querySelector<HTMLElement>('[data-decision]')?.focus();
    }, said);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const choice = decisions.find(({ key }) => key === event.key.toLowerCase());
    if (!choice || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    decide(choice.decision, event);
  };
  return (
    <li className={classes.card}>
      <div className={classes.cardHead}>
        <p className={classes.cardText}>
          <strong>{withVisibleControls(text)}</strong>
        </p>
        <span className={classes.cardFacts}>
          {strings.memory.types[proposal.type]}
          <ConfidenceBar value={proposal.confidence} />
        </span>
      </div>
      <EvidenceList evidence={proposal.evidence} memoryId={id} />
      <div className={classes.buttons}>
        {decisions.map(({ decision }) => (
          <Button
            key={decision}
            size="compact-sm"
            variant="default"
            data-decision={decision}
            aria-label={`${words[decision]}: ${text}`}
            onClick={(event) => decide(decision, event)}
            onKeyDown={onKeyDown}
          >
            {words[decision]}
          </Button>
        ))}
        <span className={classes.keys}>{words.keys}</span>
      </div>
    </li>
  );
}
