import type { TeamStatus } from '../../../shared/ipc/team.ts';
import { ColumnPage } from '../../components/column-page.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { CertificateSection } from './certificate-section.tsx';
import { ConflictsSection } from './conflicts-section.tsx';
import { ConnectionSection } from './connection-section.tsx';
import { DaysSection } from './days-section.tsx';
import { EventsSection } from './events-section.tsx';
import { ParitySection } from './parity-section.tsx';
import { ScopeSection } from './scope-section.tsx';
import { StateSection } from './state-section.tsx';
import classes from './sync.module.css';

/** How this vault and the team's database stand to each other, and everything that can be done about it. */
export function SyncPage() {
  const status = useMethod('team.status', {});
  return (
    <ColumnPage heading={strings.sync.heading}>
      {status.isPending && <p className={classes.hint}>{strings.app.loading}</p>}
      {status.error && (
        <ErrorState title={strings.sync.failed} error={status.error} onRetry={() => void status.refetch()} />
      )}
      {status.data && <Sections status={status.data} />}
    </ColumnPage>
  );
}

/** Without a database there is only one thing to do: set one up. What was exchanged before stays to be seen. */
function Sections({ status }: { readonly status: TeamStatus }) {
  const isKnown = status.store_id !== null;
  if (status.server === null && !isKnown) return <ConnectionSection status={status} />;
  return (
    <>
      <StateSection status={status} />
      {status.conflicts > 0 && <ConflictsSection />}
      {isKnown && <ParitySection status={status} />}
      {isKnown && <DaysSection />}
      {isKnown && <CertificateSection />}
      <ConnectionSection status={status} />
      {status.server !== null && <ScopeSection status={status} />}
      {status.conflicts === 0 && isKnown && <ConflictsSection />}
      <EventsSection />
    </>
  );
}
