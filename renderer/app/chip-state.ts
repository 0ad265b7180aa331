import type { AppError } from '../../shared/errors.ts';
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
): Chip {
  if (error) {
    const notes = [{ heading: texts.unreachable, text: `${error.message} ${error.remedy}` }];
    return { label: texts.unreachable, tone: 'trouble', notes };
  }
  if (!status) return { label: texts.connecting, tone: 'busy', notes: [] };
  return {
    ...labelOf(status),
    notes: [...accessNotes(status, formatTime), ...searchNotes(status), ...quarantineNotes(status)],
  };
}

function labelOf({ read_only: isReadOnly, search, trouble }: VaultStatus): Pick<Chip, 'label' | 'tone'> {
  if (trouble) return { label: `${texts.localOnly} · ${strings.trouble[trouble.state].chip}`, tone: 'trouble' };
  if (isReadOnly) return { label: `${texts.localOnly} · ${texts.readOnly}`, tone: 'trouble' };
  if (search.state === 'failed') return { label: `${texts.localOnly} · ${texts.searchFailed}`, tone: 'trouble' };
  if (search.state === 'building') {
    return { label: `${texts.localOnly} · ${texts.indexing(search.indexed, search.total)}`, tone: 'busy' };
  }
  return { label: texts.localOnly, tone: 'calm' };
}

function accessNotes(status: VaultStatus, formatTime: (iso: string) => string): readonly ChipNote[] {
  const local = { heading: texts.localOnly, text: texts.localOnlyMeaning };
  if (!status.read_only) return [local];
  const { owner } = status;
  const why = owner ? texts.ownedBy(owner.pid, owner.host, formatTime(owner.since)) : texts.ownerUnknown;
  return [local, { heading: texts.readOnly, text: texts.readOnlyMeaning(why) }];
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
