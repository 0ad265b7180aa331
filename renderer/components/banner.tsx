import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './banner.module.css';

const iconSize = 20;

interface Props {
  /** For those who do not see it. */
  readonly label: string;
  readonly icon: Icon;
  /** `calm`: nothing is lost and everything works. */
  readonly tone: 'danger' | 'calm';
  readonly title: string;
  /** Smaller, under the rest: figures, files, causes. */
  readonly detail: string;
  readonly buttons?: ReactNode;
  readonly children: ReactNode;
}

/** Stands over the whole window until what it speaks of has passed. */
export function Banner({ label, icon: BannerIcon, tone, title, detail, buttons, children }: Props) {
  return (
    <section className={classes.banner} data-tone={tone} role="alert" aria-label={label}>
      <BannerIcon className={classes.icon} size={iconSize} aria-hidden />
      <div className={classes.text}>
        <strong className={classes.title}>{title}</strong>
        <p className={classes.line}>{children}</p>
        <p className={classes.detail}>{detail}</p>
      </div>
      {buttons && <div className={classes.buttons}>{buttons}</div>}
    </section>
  );
}
