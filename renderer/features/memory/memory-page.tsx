import { SegmentedControl, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { navigate, type MemoryView, type Route } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { AddMemory } from './add-memory.tsx';
import { DaysView } from './days/days-view.tsx';
import { HygieneView } from './hygiene/hygiene-view.tsx';
import { InboxView } from './inbox-view.tsx';
import { LogView } from './log-view.tsx';
import { MemoriesView } from './memories-view.tsx';
import classes from './memory.module.css';
import { OverviewView } from './overview/overview-view.tsx';
import { HubsView } from './profile/hubs-view.tsx';
import { ProfileView } from './profile/profile-view.tsx';
import { RecallView } from './recall/recall-view.tsx';
import { EpisodesView, SnapshotsView } from './runs/runs-view.tsx';

const words = strings.memory;

/** The tab that a view belongs to: some hold two. */
const tabOf = {
  list: 'list',
  recall: 'recall',
  overview: 'overview',
  inbox: 'inbox',
  hygiene: 'hygiene',
  log: 'log',
  days: 'log',
  between: 'log',
  profile: 'profile',
  hubs: 'profile',
  runs: 'runs',
  snapshots: 'runs',
} as const satisfies Record<MemoryView, MemoryView>;

/** What is remembered, what waits for a yes, and what became of it all. */
export function MemoryPage({ route }: { readonly route: Extract<Route, { page: 'memory' }> }) {
  const proposals = useMethod('memory.list', { state: 'proposed' });
  const waiting = proposals.data?.length ?? 0;
  return (
    <Tabs
      className={classes.page}
      value={tabOf[route.view]}
      // The tabs are the views' names.
      onChange={(view) => navigate({ page: 'memory', view: (view ?? 'list') as MemoryView })}
      keepMounted={false}
    >
      <div className={classes.top}>
        <h1 className={classes.heading}>{words.heading}</h1>
        <Tabs.List className={classes.tabs} aria-label={words.views.label}>
          <Tabs.Tab value="list">{words.views.list}</Tabs.Tab>
          <Tabs.Tab value="recall">{words.views.recall}</Tabs.Tab>
          <Tabs.Tab value="overview">{words.views.overview}</Tabs.Tab>
          <Tabs.Tab value="inbox">{waiting === 0 ? words.views.inbox : words.inbox.count(waiting)}</Tabs.Tab>
          <Tabs.Tab value="hygiene">{words.views.hygiene}</Tabs.Tab>
          <Tabs.Tab value="log">{words.views.log}</Tabs.Tab>
          <Tabs.Tab value="profile">{words.views.profile}</Tabs.Tab>
          <Tabs.Tab value="runs">{words.views.runs}</Tabs.Tab>
        </Tabs.List>
        <AddMemory />
      </div>
      <Tabs.Panel value={tabOf[route.view]} className={classes.panel}>
        <View route={route} />
      </Tabs.Panel>
    </Tabs>
  );
}

function View({ route: { view, memoryId } }: { readonly route: Extract<Route, { page: 'memory' }> }) {
  switch (view) {
    case 'list':
      return <MemoriesView memoryId={memoryId} />;
    case 'recall':
      return <RecallView />;
    case 'overview':
      return <OverviewView />;
    case 'inbox':
      return <InboxView />;
    case 'hygiene':
      return <HygieneView />;
    case 'log':
    case 'days':
    case 'between':
      return (
        <Switched label={strings.memoryDays.modes.label} view={view} choices={logChoices}>
          {view === 'log' ? <LogView /> : <DaysView isCompared={view === 'between'} />}
        </Switched>
      );
    case 'profile':
    case 'hubs':
      return (
        <Switched label={strings.profile.modes.label} view={view} choices={profileChoices}>
          {view === 'profile' ? <ProfileView /> : <HubsView />}
        </Switched>
      );
    case 'runs':
    case 'snapshots':
      return (
        <Switched label={strings.runs.modes.label} view={view} choices={runChoices}>
          {view === 'runs' ? <EpisodesView openId={memoryId} /> : <SnapshotsView openId={memoryId} />}
        </Switched>
      );
  }
}

interface Choice {
  readonly value: MemoryView;
  readonly label: string;
}

const logChoices: readonly Choice[] = [
  { value: 'log', label: strings.memoryDays.modes.changes },
  { value: 'days', label: strings.memoryDays.modes.days },
  { value: 'between', label: strings.memoryDays.modes.between },
];
const profileChoices: readonly Choice[] = [
  { value: 'profile', label: strings.profile.modes.profile },
  { value: 'hubs', label: strings.profile.modes.hubs },
];
const runChoices: readonly Choice[] = [
  { value: 'runs', label: strings.runs.modes.episodes },
  { value: 'snapshots', label: strings.runs.modes.snapshots },
];

interface SwitchedProps {
  readonly label: string;
  readonly view: MemoryView;
  readonly choices: readonly Choice[];
  readonly children: ReactNode;
}

/** Two views under one tab. */
function Switched({ label, view, choices, children }: SwitchedProps) {
  return (
    <div className={classes.switched}>
      <div className={classes.switch}>
        <SegmentedControl
          size="xs"
          aria-label={label}
          data={[...choices]}
          value={view}
          onChange={(next) => navigate({ page: 'memory', view: next })}
        />
      </div>
      <div className={classes.switchedBody}>{children}</div>
    </div>
  );
}
