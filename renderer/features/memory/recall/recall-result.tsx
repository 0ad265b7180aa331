import type { Output } from '../../../../shared/ipc/contract.ts';
import { CopyButton } from '../../../components/markdown/copy-button.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { hashOf } from '../../../lib/route.ts';
import { strings } from '../../../lib/strings.ts';
import classes from './recall.module.css';

const words = strings.recall;

type Recalled = Output<'memory.recall'>;

interface RecallResultProps {
  readonly recalled: Recalled;
  /** Tokens. */
  readonly budget: number;
}

/** The picks, each with how its place came about, and what was kept back. */
export function RecallResult({ recalled: { picks, tokens, withheld, left_out: leftOut }, budget }: RecallResultProps) {
  const keptBack = Object.entries(withheld);
  const none = keptBack.length === 0 && leftOut === 0 ? words.none : words.noneGiven;
  return (
    <section className={classes.result}>
      <div className={classes.head}>
        <p className={classes.summary} role="status">
          {picks.length === 0 ? none : words.found(picks.length, tokens, budget)}
          {leftOut > 0 && ` ${words.leftOut(leftOut)}`}
          {keptBack.map(([reason, count]) => ` ${words.withheld(reason, count)}`)}
        </p>
        {picks.length > 0 && (
          <CopyButton label={words.copy} text={() => picks.map(({ text }) => `- ${text}\n`).join('')} />
        )}
      </div>
      {picks.length > 0 && (
        <ol className={classes.picks} aria-label={words.list}>
          {picks.map((pick) => (
            <Picked key={pick.id} pick={pick} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Picked({ pick }: { readonly pick: Recalled['picks'][number] }) {
  const { id, type, text, relevance, confidence, recency, score, tokens, matched } = pick;
  return (
    <li>
      <a className={classes.text} href={hashOf({ page: 'memory', view: 'list', memoryId: id })}>
        {withVisibleControls(text)}
      </a>
      <p className={classes.facts}>
        {strings.memory.types[type]} · {words.tokens(tokens)} · {words.has(matched)} ·{' '}
        {words.score(relevance, confidence, recency, score)}
      </p>
    </li>
  );
}
