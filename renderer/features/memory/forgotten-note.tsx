import { useEffect, useRef } from 'react';
import type { Output } from '../../../shared/ipc/contract.ts';
import { strings } from '../../lib/strings.ts';
import classes from './memory.module.css';

const words = strings.memory.forget;

/** What forgetting has done, and what it does not reach; takes the keyboard over from the memory that was there. */
export function ForgottenNote({ result }: { readonly result: Output<'memory.forget'> }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={classes.sheet}>
      <h2 ref={heading} tabIndex={-1} className={classes.text}>
        {words.doneTitle}
      </h2>
      <p className={classes.paragraph}>{words.done(result.redacted_events)}</p>
      <h3 className={classes.subheading}>{words.notReached}</h3>
      <ul className={classes.bullets}>
        {result.not_reached.map((place) => (
          <li key={place}>{place}</li>
        ))}
      </ul>
    </div>
  );
}
