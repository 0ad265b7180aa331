import type { OutsideNotice } from '../../../shared/ipc/outside.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import classes from '../doctor/doctor.module.css';
import { Section } from '../settings/section.tsx';

const words = strings.outside.notices;
/** A checkout may change thousands; a person reads the newest. */
const mostShown = 20;

/** What other programs did to the vault's files, newest first. */
export function OutsideSection() {
  const status = useMethod('outside.status', {});
  const notices = status.data?.notices ?? [];
  const left = notices.length - mostShown;
  return (
    <Section heading={words.heading}>
      {status.error && <ErrorState title={words.failed} error={status.error} onRetry={() => void status.refetch()} />}
      {status.isPending && <p className={classes.hint}>{strings.app.loading}</p>}
      {status.data && notices.length === 0 && <p className={classes.hint}>{words.empty}</p>}
      {notices.length > 0 && (
        <>
          <p className={classes.hint}>{words.hint}</p>
          <ul className={classes.list} aria-label={words.list}>
            {notices.slice(0, mostShown).map((notice) => (
              <NoticeRow key={notice.id} notice={notice} />
            ))}
            {left > 0 && <li className={classes.hint}>{words.more(left)}</li>}
          </ul>
        </>
      )}
    </Section>
  );
}

const severities: Readonly<Partial<Record<OutsideNotice['kind'], string>>> = { 'set-aside': 'warning', lost: 'error' };

function NoticeRow({ notice: { kind, file, reason, restorable, at } }: { readonly notice: OutsideNotice }) {
  const meaning = words.means(kind, restorable);
  return (
    <li className={classes.item}>
      <span className={classes.badge} data-severity={severities[kind] ?? 'note'}>
        {words.kinds[kind]}
      </span>
      <div className={classes.body}>
        <p className={classes.text}>{withVisibleControls(reason)}</p>
        <p className={classes.path}>{withVisibleControls(file)}</p>
        <p className={classes.hint}>
          <time dateTime={at}>{formatDateTime(at)}</time>
          {meaning !== '' && ` · ${meaning}`}
        </p>
      </div>
    </li>
  );
}
