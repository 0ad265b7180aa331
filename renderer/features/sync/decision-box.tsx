import { Button } from '@mantine/core';
import type { TeamDecision } from '../../../shared/ipc/team.ts';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import classes from './sync.module.css';

const words = strings.sync.decision;

/** A safety stop, and the two ways on. */
export function DecisionBox({ decision }: { readonly decision: TeamDecision }) {
  const decide = useMethodMutation('team.decide');
  const { kind, records, collection } = decision;
  const name = strings.settings.collectionNames[collection ?? ''] ?? collection ?? '';
  const take = (side: 'mine' | 'server') => () => decide.mutate({ take: side }, { onError: showError });
  return (
    <div className={classes.decision} role="alert">
      <h3 className={classes.subheading}>{words.heading}</h3>
      <p className={classes.text}>{words.kinds[kind](records, name)}</p>
      <p className={classes.hint}>{words.hint}</p>
      <div className={classes.buttons}>
        <Button onClick={take('mine')} disabled={decide.isPending}>
          {words.mine}
        </Button>
        <Button variant="default" onClick={take('server')} disabled={decide.isPending}>
          {words.server}
        </Button>
      </div>
      <p className={classes.hint}>{words.serverHint}</p>
    </div>
  );
}
