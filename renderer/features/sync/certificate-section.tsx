import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Certificate } from '../../../shared/ipc/team.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { invalidateMethods, useMethod } from '../../lib/use-method.ts';
import { JobProgress } from '../import/job-progress.tsx';
import { Section } from '../settings/section.tsx';
import { saveFile } from '../thread/save-file.ts';
import classes from './sync.module.css';
import { useTeamJob } from './use-team-job.ts';

const words = strings.sync.certificate;

/** The proof that both sides are equal: made, shown, kept. */
export function CertificateSection() {
  const queries = useQueryClient();
  const last = useMethod('team.certificate', {});
  const refresh = (): void => invalidateMethods(queries, ['team.certificate', 'team.status', 'team.days']);
  const verify = useTeamJob('team.verify', refresh);
  const backfill = useTeamJob('team.backfill', refresh);
  const isBusy = verify.state.at === 'running' || backfill.state.at === 'running';
  return (
    <Section heading={words.heading}>
      <div className={classes.start}>
        <p className={classes.hint}>{words.hint}</p>
        <div className={classes.buttons}>
          <Button onClick={verify.run} disabled={isBusy}>
            {words.verify}
          </Button>
          <Button variant="default" onClick={backfill.run} disabled={isBusy}>
            {words.backfill}
          </Button>
        </div>
      </div>
      {verify.state.at === 'running' && (
        <JobProgress
          key={verify.state.jobId}
          title={words.verifying}
          jobId={verify.state.jobId}
          onCancel={verify.cancel}
        />
      )}
      {backfill.state.at === 'running' && (
        <JobProgress
          key={backfill.state.jobId}
          title={words.backfilling}
          jobId={backfill.state.jobId}
          onCancel={backfill.cancel}
        />
      )}
      {[verify, backfill].map(
        (job) =>
          job.state.at === 'failed' && (
            <ErrorState
              key={job === verify ? 'verify' : 'backfill'}
              title={strings.app.errorTitle}
              error={job.state.error}
              onRetry={job.run}
            />
          ),
      )}
      {backfill.state.at === 'done' && <p className={classes.hint}>{words.backfilled(backfill.state.result.pushed)}</p>}
      {last.data ? (
        <Paper certificate={last.data.certificate} text={last.data.text} />
      ) : (
        <p className={classes.hint}>{last.isPending ? strings.app.loading : words.none}</p>
      )}
    </Section>
  );
}

function Paper({ certificate, text }: { readonly certificate: Certificate; readonly text: string }) {
  const { equal, at, sha256, collections } = certificate;
  const differing = Object.values(collections).reduce((sum, each) => sum + each.differing.length, 0);
  const when = formatDateTime(at);
  const name = `almanac-parity-${at.slice(0, 10)}`;
  return (
    <div className={classes.paper}>
      <p className={classes.verdict} data-state={equal ? 'synced' : 'needs_decision'}>
        {equal ? words.equal(when) : words.differs(differing, when)}
      </p>
      <p className={classes.hint}>
        {words.checksum} <code className={classes.code}>{sha256}</code>
      </p>
      <div className={classes.buttons}>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => saveFile(`${name}.json`, 'application/json', `${JSON.stringify(certificate, null, 2)}\n`)}
        >
          {words.saveJson}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => saveFile(`${name}.txt`, 'text/plain', text)}>
          {words.saveText}
        </Button>
      </div>
    </div>
  );
}
