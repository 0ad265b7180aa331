import { Button, Progress, SegmentedControl } from '@mantine/core';
import type { TeamMode, TeamStatus } from '../../../shared/ipc/team.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { showError } from '../../components/notify.tsx';
import { formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { JobProgress } from '../import/job-progress.tsx';
import { Section } from '../settings/section.tsx';
import { DecisionBox } from './decision-box.tsx';
import classes from './sync.module.css';
import { useTeamJob } from './use-team-job.ts';

const words = strings.sync.status;

/** What is the case now, in a sentence; what waits; the mode. */
export function StateSection({ status }: { readonly status: TeamStatus }) {
  const job = useTeamJob('team.sync');
  const isLocal = status.mode === 'local';
  return (
    <Section heading={words.heading}>
      <div className={classes.start}>
        <div role="status">
          <p className={classes.verdict} data-state={status.state}>
            {words.states[status.state]}
            {status.state === 'offline' && ` ${words.since(formatDateTime(status.since))}`}
          </p>
          <p className={classes.hint}>{words.meanings[status.state]}</p>
          {!isLocal && <p className={classes.hint}>{factsOf(status)}</p>}
        </div>
        {!isLocal && (
          <Button onClick={job.run} disabled={job.state.at === 'running'}>
            {words.now}
          </Button>
        )}
      </div>
      {status.decision && <DecisionBox decision={status.decision} />}
      {status.trouble && (
        <p className={classes.trouble} role="alert">
          {status.trouble.message} {status.trouble.remedy}
        </p>
      )}
      <Notes status={status} />
      {job.state.at === 'running' ? (
        <JobProgress key={job.state.jobId} title={words.syncing} jobId={job.state.jobId} onCancel={job.cancel} />
      ) : (
        status.progress && <CatchingUp progress={status.progress} />
      )}
      {job.state.at === 'done' && (
        <p className={classes.hint}>{words.done(job.state.result.pushed, job.state.result.pulled)}</p>
      )}
      {job.state.at === 'failed' && (
        <ErrorState title={strings.app.errorTitle} error={job.state.error} onRetry={job.run} />
      )}
      <ModeChoice status={status} />
    </Section>
  );
}

function factsOf({ waiting, last_synced_at: synced, last_verified_at: verified }: TeamStatus): string {
  return [
    words.waiting(waiting),
    synced && words.lastSynced(formatDateTime(synced)),
    verified ? words.verified(formatDateTime(verified)) : words.neverVerified,
  ]
    .filter(Boolean)
    .join(' ');
}

const clockToldMs = 5 * 60_000;

function Notes({ status }: { readonly status: TeamStatus }) {
  const { quarantined, mismatches, clock_offset_ms: offset } = status;
  return (
    <>
      {quarantined > 0 && <p className={classes.hint}>{words.quarantined(quarantined)}</p>}
      {mismatches > 0 && <p className={classes.hint}>{words.mismatches(mismatches)}</p>}
      {offset !== null && Math.abs(offset) > clockToldMs && (
        <p className={classes.hint}>{words.clock(Math.round(offset / 60_000))}</p>
      )}
    </>
  );
}

function CatchingUp({ progress }: { readonly progress: NonNullable<TeamStatus['progress']> }) {
  const { done, total, per_second: perSecond } = progress;
  return (
    <div className={classes.progress}>
      <Progress
        value={total === 0 ? 100 : Math.min(100, (done / total) * 100)}
        animated={total === 0}
        aria-label={words.states.catching_up}
      />
      <p className={classes.progressFacts}>
        <span>{words.progress(done, total)}</span>
        <span>{words.rate(perSecond)}</span>
      </p>
    </div>
  );
}

const modes: readonly TeamMode[] = ['local', 'mirror', 'remote'];

function ModeChoice({ status }: { readonly status: TeamStatus }) {
  const change = useMethodMutation('team.set_mode');
  const isFixed = status.configured_by === 'environment';
  return (
    <div className={classes.mode}>
      <SegmentedControl
        aria-label={strings.sync.mode.label}
        data={modes.map((mode) => ({ value: mode, label: strings.sync.mode.names[mode] }))}
        value={status.mode}
        disabled={isFixed || change.isPending}
        onChange={(mode) => change.mutate({ mode }, { onError: showError })}
      />
      <p className={classes.hint}>
        {strings.sync.mode.meanings[status.mode]} {isFixed && strings.sync.mode.byEnvironment}
      </p>
    </div>
  );
}
