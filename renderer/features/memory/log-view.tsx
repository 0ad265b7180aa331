import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../../shared/ipc/contract.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { LogEntries } from './log-entries.tsx';
import classes from './memory.module.css';

const words = strings.memory.log;
const atOnce = 50;
/** As many as main gives at once; the command line has them all. */
const most = 1000;

/** Everything that became of the memory, and the proof that nothing was altered. */
export function LogView() {
  const [limit, setLimit] = useState(atOnce);
  const verify = useMethodMutation('memory.verify');
  return (
    <div className={classes.column}>
      <div className={classes.start}>
        <p className={classes.hint}>{words.intro}</p>
        <Button
          variant="default"
          loading={verify.isPending}
          onClick={() => verify.mutate({}, { onError: (error) => showError(error) })}
        >
          {words.verify}
        </Button>
      </div>
      <div role="status">{verify.data && <Verdict verdict={verify.data} />}</div>
      <LogEntries
        limit={limit}
        more={limit < most ? () => setLimit(Math.min(most, limit + Math.max(atOnce, limit))) : undefined}
      />
    </div>
  );
}

function Verdict({ verdict }: { readonly verdict: Output<'memory.verify'> }) {
  const { ok, events, redacted, chains, first_broken: broken } = verdict;
  if (!ok || broken) {
    return (
      <div className={classes.trouble}>
        <p className={classes.paragraph}>
          <strong>{words.broken}</strong> {broken && withVisibleControls(broken.reason)}
        </p>
        {broken && <p className={classes.code}>{withVisibleControls(words.brokenAt(broken.path, broken.line))}</p>}
        <p className={classes.paragraph}>{words.brokenRemedy}</p>
      </div>
    );
  }
  return (
    <p className={classes.verdict}>
      {words.whole(events, chains.length)} {words.redacted(redacted)}
    </p>
  );
}
