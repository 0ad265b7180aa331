import { IconAlertTriangle } from '@tabler/icons-react';
import type { Trouble } from '../../../shared/ipc/models.ts';
import { formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import classes from './trouble-banner.module.css';

const words = strings.trouble;
const iconSize = 20;

/** Stands over the whole window while the vault cannot do all it should, and goes by itself when it can. */
export function TroubleBanner() {
  const status = useMethod('vault.status', {});
  const trouble = status.data?.trouble;
  if (!trouble) return null;
  const { title, safe } = words[trouble.state];
  return (
    <section className={classes.banner} data-state={trouble.state} role="alert" aria-label={words.label}>
      <IconAlertTriangle className={classes.icon} size={iconSize} aria-hidden />
      <div className={classes.text}>
        <strong className={classes.title}>{title}</strong>
        <p className={classes.line}>
          {safe} <span className={classes.remedy}>{remedyOf(trouble)}</span>
        </p>
        <p className={classes.cause}>
          {trouble.message} ({words.since(formatDateTime(trouble.since))})
        </p>
      </div>
    </section>
  );
}

function remedyOf({ state, code }: Trouble): string {
  if (state === 'gone' || state === 'lost') return words.remedies[state];
  return code === 'DISK_FULL' ? words.remedies.full : words.remedies.disk;
}
