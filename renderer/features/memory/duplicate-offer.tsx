import { Button } from '@mantine/core';
import { z } from 'zod';
import type { AppError } from '../../../shared/errors.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { useClient } from '../../lib/client-context.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import type { CitedEvidence } from './add-form.tsx';
import { ConfidenceBar } from './confidence-bar.tsx';
import classes from './memory.module.css';
import { useMemoryChange } from './use-memory-change.ts';

const words = strings.memory.form;
const Details = z.object({ duplicates: z.array(z.object({ id: z.string() })) });
/** More would be no help. */
const mostOffered = 3;

/** The memories that say the same, of a refusal for that reason. */
export function duplicatesIn(error: AppError | null): readonly string[] {
  const details = error?.code === 'MEMORY_KNOWN' ? Details.safeParse(error.details) : undefined;
  return details?.success ? details.data.duplicates.slice(0, mostOffered).map(({ id }) => id) : [];
}

interface DuplicateOfferProps {
  readonly ids: readonly string[];
  readonly evidence?: CitedEvidence;
  readonly onMerged: (id: string) => void;
}

/** At the door: what is known already, to be confirmed with the new evidence instead of being added once more. */
export function DuplicateOffer({ ids, evidence, onMerged }: DuplicateOfferProps) {
  return (
    <ul className={classes.plain} aria-label={words.known}>
      {ids.map((id) => (
        <Known key={id} id={id} {...(evidence && { evidence })} onMerged={onMerged} />
      ))}
    </ul>
  );
}

function Known({ id, evidence, onMerged }: Omit<DuplicateOfferProps, 'ids'> & { readonly id: string }) {
  const client = useClient();
  const change = useMemoryChange();
  const { data: memory } = useMethod('memory.show', { id });
  if (!memory) return null;
  const merge = async (): Promise<void> => {
    await client.call('memory.confirm', { id, ...(evidence && { evidence }) });
    onMerged(id);
  };
  return (
    <li className={classes.known}>
      <span className={classes.cardText}>{withVisibleControls(memory.text)}</span>
      <ConfidenceBar value={memory.current_confidence} isDormant={memory.state !== 'active'} />
      <Button size="compact-sm" variant="default" onClick={() => change(merge)}>
        {words.merge}
      </Button>
    </li>
  );
}
