import type { Finding } from '../../../shared/ipc/upkeep.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { strings } from '../../lib/strings.ts';
import classes from './doctor.module.css';

interface FindingListProps {
  readonly findings: readonly Finding[];
  /** How many there are beyond these. */
  readonly more: number;
}

const words = strings.doctor.check;
/** More than a person reads; the command line prints them all. */
const mostShown = 200;

/** What the doctor found, the gravest first, each with what to do about it. */
export function FindingList({ findings, more }: FindingListProps) {
  if (findings.length === 0) return null;
  const left = more + Math.max(0, findings.length - mostShown);
  return (
    <ul className={classes.list} aria-label={words.findings}>
      {findings.slice(0, mostShown).map((finding, at) => (
        // A report never changes: its places are as good as ids.
        <FindingRow key={`${finding.code}/${at}`} finding={finding} />
      ))}
      {left > 0 && <li className={classes.hint}>{words.more(left)}</li>}
    </ul>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { severity, path, message, remedy, repaired, repair } = finding;
  return (
    <li className={classes.item}>
      <span className={classes.badge} data-severity={repaired ? 'repaired' : severity}>
        {repaired ? words.done : words.severities[severity]}
      </span>
      <div className={classes.body}>
        <p className={classes.text}>{withVisibleControls(message)}</p>
        <p className={classes.path}>{path === '' ? words.theVault : withVisibleControls(path)}</p>
        <p className={classes.hint}>
          {withVisibleControls(repaired ? (repair ?? '') : [repair, remedy].filter(Boolean).join(' '))}
        </p>
      </div>
    </li>
  );
}
