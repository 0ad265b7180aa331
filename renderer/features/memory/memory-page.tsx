import { Tabs } from '@mantine/core';
import { navigate, type MemoryView, type Route } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { AddMemory } from './add-memory.tsx';
import { InboxView } from './inbox-view.tsx';
import { LogView } from './log-view.tsx';
import { MemoriesView } from './memories-view.tsx';
import classes from './memory.module.css';

const words = strings.memory;

/** What is remembered, what waits for a yes, and what became of it all. */
export function MemoryPage({ route }: { readonly route: Extract<Route, { page: 'memory' }> }) {
  const proposals = useMethod('memory.list', { state: 'proposed' });
  const waiting = proposals.data?.length ?? 0;
  return (
    <Tabs
      className={classes.page}
      value={route.view}
      // The tabs are the views' names.
      onChange={(view) => navigate({ page: 'memory', view: (view ?? 'list') as MemoryView })}
      keepMounted={false}
    >
      <div className={classes.top}>
        <h1 className={classes.heading}>{words.heading}</h1>
        <Tabs.List className={classes.tabs} aria-label={words.views.label}>
          <Tabs.Tab value="list">{words.views.list}</Tabs.Tab>
          <Tabs.Tab value="inbox">{waiting === 0 ? words.views.inbox : words.inbox.count(waiting)}</Tabs.Tab>
          <Tabs.Tab value="log">{words.views.log}</Tabs.Tab>
        </Tabs.List>
        <AddMemory />
      </div>
      <Tabs.Panel value="list" className={classes.panel}>
        <MemoriesView memoryId={route.memoryId} />
      </Tabs.Panel>
      <Tabs.Panel value="inbox" className={classes.panel}>
        <InboxView />
      </Tabs.Panel>
      <Tabs.Panel value="log" className={classes.panel}>
        <LogView />
      </Tabs.Panel>
    </Tabs>
  );
}
