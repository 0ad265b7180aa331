import { app } from './strings/app.ts';
import { conversations } from './strings/conversations.ts';
import { doctor } from './strings/doctor.ts';
import { hubs } from './strings/hubs.ts';
import { hygiene } from './strings/hygiene.ts';
import { imports } from './strings/imports.ts';
import { markdown } from './strings/markdown.ts';
import { memory } from './strings/memory.ts';
import { memoryDays } from './strings/memory-days.ts';
import { memoryOverview } from './strings/memory-overview.ts';
import { outside } from './strings/outside.ts';
import { palette } from './strings/palette.ts';
import { profile } from './strings/profile.ts';
import { recall } from './strings/recall.ts';
import { memoryExport, redaction } from './strings/redaction.ts';
import { runs } from './strings/runs.ts';
import { search } from './strings/search.ts';
import { settings } from './strings/settings.ts';
import { shortcuts } from './strings/shortcuts.ts';
import { status } from './strings/status.ts';
import { sync } from './strings/sync.ts';
import { thread } from './strings/thread.ts';
import { trouble } from './strings/trouble.ts';
import { welcome } from './strings/welcome.ts';

/** Every string a person reads, one section per feature: the whole of what a translation has to replace. */
export const strings = {
  app,
  conversations,
  doctor,
  hubs,
  hygiene,
  imports,
  markdown,
  memory,
  memoryDays,
  memoryExport,
  memoryOverview,
  outside,
  palette,
  profile,
  recall,
  redaction,
  runs,
  search,
  settings,
  shortcuts,
  status,
  sync,
  thread,
  trouble,
  welcome,
} as const;
