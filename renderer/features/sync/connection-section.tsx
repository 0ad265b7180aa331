import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TeamStatus } from '../../../shared/ipc/team.ts';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { Row } from '../settings/row.tsx';
import { Section } from '../settings/section.tsx';
import { ConnectionForm } from './connection-form.tsx';
import classes from './sync.module.css';

const words = strings.sync.connection;

/** Where the team's database is: set up, changed, forgotten. */
export function ConnectionSection({ status }: { readonly status: TeamStatus }) {
  const [isChanging, setChanging] = useState(false);
  const isSetUp = status.server !== null;
  return (
    <Section heading={words.heading}>
      {!isSetUp && <p className={classes.intro}>{words.intro}</p>}
      {isSetUp && <Facts status={status} onChange={() => setChanging(true)} isChanging={isChanging} />}
      {(!isSetUp || isChanging) && (
        <ConnectionForm onDone={() => setChanging(false)} {...(isSetUp && { onCancel: () => setChanging(false) })} />
      )}
    </Section>
  );
}

interface FactsProps {
  readonly status: TeamStatus;
  readonly onChange: () => void;
  readonly isChanging: boolean;
}

function Facts({ status, onChange, isChanging }: FactsProps) {
  const disconnect = useMethodMutation('team.disconnect');
  const isOurs = status.configured_by === 'person';
  return (
    <>
      <Row label={words.server} hint={words.kept[status.credentials]}>
        <code className={classes.code}>{status.server ?? words.none}</code>
      </Row>
      <Row label={words.database}>
        <code className={classes.code}>{status.database}</code>
      </Row>
      {isOurs && !isChanging && (
        <div className={classes.buttons}>
          <Button variant="default" onClick={onChange}>
            {words.change}
          </Button>
          <Button
            variant="default"
            title={words.disconnectHint}
            disabled={disconnect.isPending}
            onClick={() => disconnect.mutate({}, { onError: showError })}
          >
            {words.disconnect}
          </Button>
        </div>
      )}
    </>
  );
}
