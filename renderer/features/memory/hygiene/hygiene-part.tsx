import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { navigate } from '../../../lib/route.ts';
import { strings } from '../../../lib/strings.ts';
import type { MemoryView } from '../shown-memories.ts';
import { ForgetMany } from './forget-many.tsx';
import classes from './hygiene.module.css';
import { ItemList } from './item-list.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { itemsOf, type HygieneItem, type HygieneKind, type Report, type Source } from './report-items.ts';
import { useBulk } from './use-bulk.tsx';

const words = strings.hygiene;
const nothing: ReadonlySet<string> = new Set();

interface HygienePartProps {
  readonly kind: HygieneKind;
  readonly report: Report;
  readonly byId: ReadonlyMap<string, MemoryView>;
}

/** One part of the report: its lines, and what to do with those that are selected. */
export function HygienePart({ kind, report, byId }: HygienePartProps) {
  const [source, setSource] = useState(report.crowded_sources[0]?.source);
  const [selected, setSelected] = useState(nothing);
  const items = itemsOf(report, kind, byId, source);
  const chosen = items.filter(({ key }) => selected.has(key));
  const open = ({ memories: [first] }: HygieneItem): void =>
    first && navigate({ page: 'memory', view: 'list', memoryId: first.id });
  return (
    <section className={classes.part} aria-label={words.kinds[kind]}>
      <div className={classes.head}>
        <h2 className={classes.heading}>{words.kinds[kind]}</h2>
        <p className={classes.hint}>{items.length === 0 ? words.none : words.hints[kind]}</p>
      </div>
      {kind === 'crowded' && source !== undefined && (
        <SourceChoice sources={report.crowded_sources} source={source} onChange={setSource} />
      )}
      {items.length > 0 && (
        <>
          <Bar
            kind={kind}
            chosen={chosen}
            onAll={() => setSelected(new Set(items.map(({ key }) => key)))}
            onNone={() => setSelected(nothing)}
          />
          <div className={classes.list}>
            <ItemList
              label={words.list(words.kinds[kind])}
              items={items}
              selected={selected}
              onSelect={setSelected}
              onOpen={open}
            />
          </div>
        </>
      )}
    </section>
  );
}

interface SourceChoiceProps {
  readonly sources: readonly Source[];
  readonly source: string;
  readonly onChange: (source: string) => void;
}

function SourceChoice({ sources, source, onChange }: SourceChoiceProps) {
  return (
    <div className={classes.source}>
      <NativeSelect
        size="xs"
        label={words.source}
        data={sources.map((each) => ({
          value: each.source,
          label: words.sourceOption(each.memories, each.share),
        }))}
        value={source}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={() => navigate({ page: 'conversations', view: 'active', conversationId: source })}
      >
        {words.openSource}
      </Button>
    </div>
  );
}

interface BarProps {
  readonly kind: HygieneKind;
  readonly chosen: readonly HygieneItem[];
  readonly onAll: () => void;
  readonly onNone: () => void;
}

function Bar({ kind, chosen, onAll, onNone }: BarProps) {
  const run = useBulk();
  const [dialog, setDialog] = useState<'merge' | 'forget'>();
  const memories = [...new Map(chosen.flatMap((item) => item.memories).map((each) => [each.id, each])).values()];
  const ids = memories.map(({ id }) => id);
  const isPairs = kind === 'duplicates' || kind === 'contradictions';
  const close = (): void => setDialog(undefined);
  const done = (): void => {
    close();
    onNone();
  };
  const merge = (): void => {
    // Several pairs: each by itself, the better believed of both stays.
    if (isPairs && chosen.length > 1) run('merge', pairsApart(chosen), done);
    else setDialog('merge');
  };
  const none = memories.length === 0;
  return (
    <div className={classes.bar} role="toolbar" aria-label={words.actions.label}>
      <span className={classes.selected} role="status">
        {words.selected(chosen.length)}
      </span>
      <Button size="compact-sm" variant="subtle" onClick={none ? onAll : onNone}>
        {none ? words.all : words.nothing}
      </Button>
      <Button size="compact-sm" variant="default" disabled={none} onClick={() => run('confirm', [ids], done)}>
        {words.actions.confirm}
      </Button>
      <Button size="compact-sm" variant="default" disabled={none} onClick={() => run('pin', [ids], done)}>
        {words.actions.pin}
      </Button>
      <Button size="compact-sm" variant="default" disabled={memories.length < 2} onClick={merge}>
        {isPairs && chosen.length > 1 ? words.actions.mergePairs : words.actions.merge}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        className={classes.danger}
        disabled={none}
        onClick={() => setDialog('forget')}
      >
        {words.actions.forget}
      </Button>
      <MergeDialog
        memories={dialog === 'merge' ? memories : undefined}
        isContradiction={kind === 'contradictions'}
        onMerge={(merged) => run('merge', [merged], done)}
        onClose={close}
      />
      <ForgetMany
        count={memories.length}
        opened={dialog === 'forget'}
        onForget={() => run('forget', [ids], done)}
        onClose={close}
      />
    </div>
  );
}

/** Pairs that have a memory in common become one merge: it can go away only once. */
function pairsApart(pairs: readonly HygieneItem[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  for (const { memories } of pairs) {
    const ids = memories.map(({ id }) => id);
    const joined = groups.filter((group) => group.some((id) => ids.includes(id)));
    for (const group of joined) groups.splice(groups.indexOf(group), 1);
    groups.push([...new Set([...joined.flat(), ...ids])]);
  }
  return groups;
}
