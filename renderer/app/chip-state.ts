import type { AppError } from '../../shared/errors.ts';
import type { TeamStatus } from '../../shared/ipc/team.ts';
import type { VaultStatus } from '../../shared/ipc/models.ts';
import { strings } from '../lib/strings.ts';

export interface ChipNote {
  readonly heading: string;
  readonly text: string;
}

export interface Chip {
  readonly label: string;
  readonly tone: 'calm' | 'busy' | 'trouble';
  /** What the person reads when they open the chip. */
  readonly notes: readonly ChipNote[];
}

const texts = strings.status;

/** What the status chip says. The most pressing thing is its label, everything is in its notes. */
export function chipOf(
  status: VaultStatus | undefined,
  error: AppError | null,
  formatTime: (iso: string) => string,
  team?: TeamStatus,
): Chip {
  if (error) {
    const notes = [{ heading: texts.unreachable, text: `${error.message} ${error.remedy}` }];
    return { label: texts.unreachable, tone: 'trouble', notes };
  }
  if (!status) return { label: texts.connecting, tone: 'busy', notes: [] };
  return {
    ...labelOf(status, team, formatTime),
    notes: [...accessNotes(status, formatTime, team), ...searchNotes(status), ...quarantineNotes(status)],
  };
}

type Label = Pick<Chip, 'label' | 'tone'>;

function labelOf(status: VaultStatus, team: TeamStatus | undefined, formatTime: (iso: string) => string): Label {
  const { read_only: isReadOnly, search, trouble } = status;
  const place = teamLabel(team, formatTime);
  if (trouble) return { label: `${place.label} · ${strings.trouble[trouble.state].chip}`, tone: 'trouble' };
  if (isReadOnly) return { label: `${place.label} · ${texts.readOnly}`, tone: 'trouble' };
  if (search.state === 'failed') return { label: `${place.label} · ${texts.searchFailed}`, tone: 'trouble' };
  if (place.tone === 'trouble' || search.state !== 'building') return place;
  return { label: `${place.label} · ${texts.indexing(search.indexed, search.total)}`, tone: 'busy' };
}

/** Local only, or how the vault stands with the team's database. */
function teamLabel(team: TeamStatus | undefined, formatTime: (iso: string) => string): Label {
  if (!team || team.mode === 'local') return { label: texts.localOnly, tone: 'calm' };
  const state = strings.sync.status.states[team.state];
  if (team.state === 'needs_decision' || team.state === 'needs_login' || team.state === 'incompatible') {
    return { label: state, tone: 'trouble' };
  }
  if (team.state === 'offline') return { label: texts.offlineSince(formatTime(team.since)), tone: 'busy' };
  if (team.conflicts > 0) return { label: texts.conflicts(team.conflicts), tone: 'busy' };
  if (team.waiting > 0) return { label: texts.waiting(team.waiting), tone: 'busy' };
  if (team.state !== 'synced') return { label: state, tone: 'busy' };
  const { last_verified_at: verified } = team;
  return { label: verified ? texts.syncedVerified(formatTime(verified)) : state, tone: 'calm' };
}

function accessNotes(
  status: VaultStatus,
  formatTime: (iso: string) => string,
  team: TeamStatus | undefined,
): readonly ChipNote[] {
  const isLocal = !team || team.mode === 'local';
  const place = isLocal
    ? { heading: texts.localOnly, text: texts.localOnlyMeaning }
    : { heading: strings.sync.status.states[team.state], text: strings.sync.status.meanings[team.state] };
  if (!status.read_only) return [place];
  const { owner } = status;
  const why = owner ? texts.ownedBy(owner.pid, owner.host, formatTime(owner.since)) : texts.ownerUnknown;
  return [place, { heading: texts.readOnly, text: texts.readOnlyMeaning(why) }];
}

function searchNotes({ search }: VaultStatus): readonly ChipNote[] {
  const notes: ChipNote[] = [];
  if (search.state === 'failed') notes.push({ heading: texts.searchFailed, text: texts.searchFailedMeaning });
  if (search.state === 'building') {
    notes.push({ heading: texts.indexing(search.indexed, search.total), text: texts.indexingMeaning });
  }
  if (search.state === 'ready') notes.push({ heading: texts.search, text: texts.indexed(search.total) });
  if (search.engine === 'scan') notes.push({ heading: texts.scan, text: texts.scanMeaning });
  return notes;
}

function quarantineNotes({ quarantined }: VaultStatus): readonly ChipNote[] {
  return quarantined === 0 ? [] : [{ heading: texts.quarantine, text: texts.quarantined(quarantined) }];
}
