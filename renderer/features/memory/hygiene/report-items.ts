import type { Output } from '../../../../shared/ipc/contract.ts';
import type { MemoryView } from '../shown-memories.ts';

export type Report = Output<'memory.hygiene'>;

export const hygieneKinds = [
  'duplicates',
  'contradictions',
  'without_evidence',
  'never_recalled',
  'about_to_fade',
  'dormant',
  'crowded',
] as const;
export type HygieneKind = (typeof hygieneKinds)[number];

/** One line of the report: a memory, or two that belong together. */
export interface HygieneItem {
  readonly key: string;
  /** The better believed first: it is the one that a merge keeps. */
  readonly memories: readonly MemoryView[];
  /** Of a pair, in [0, 1]. */
  readonly similarity?: number;
}

export type Source = Report['crowded_sources'][number];

/** How many lines each part of the report has; of the crowded sources, how many sources. */
export function countsOf(report: Report): Readonly<Record<HygieneKind, number>> {
  const { crowded_sources: crowded, ...lists } = report;
  return {
    duplicates: lists.duplicates.length,
    contradictions: lists.contradictions.length,
    without_evidence: lists.without_evidence.length,
    never_recalled: lists.never_recalled.length,
    about_to_fade: lists.about_to_fade.length,
    dormant: lists.dormant.length,
    crowded: crowded.length,
  };
}

/**
 * The lines of one part. What has gone since the report was made is left out.
 *
 * @param source of the crowded ones
 */
export function itemsOf(
  report: Report,
  kind: HygieneKind,
  byId: ReadonlyMap<string, MemoryView>,
  source: string | undefined,
): readonly HygieneItem[] {
  switch (kind) {
    case 'duplicates':
    case 'contradictions':
      return report[kind].flatMap(({ ids, similarity }) => pairOf(ids, similarity, byId));
    case 'about_to_fade':
      return single(
        report.about_to_fade.map(({ id }) => id),
        byId,
      );
    case 'crowded':
      return source === undefined ? [] : single(idsFrom(source, byId), byId);
    default:
      return single(report[kind], byId);
  }
}

function pairOf(
  ids: readonly [string, string],
  similarity: number,
  byId: ReadonlyMap<string, MemoryView>,
): readonly HygieneItem[] {
  const [a, b] = [byId.get(ids[0]), byId.get(ids[1])];
  if (!a || !b) return [];
  const memories = [a, b].sort((x, y) => y.current_confidence - x.current_confidence);
  return [{ key: ids.join(' '), memories, similarity }];
}

function single(ids: readonly string[], byId: ReadonlyMap<string, MemoryView>): readonly HygieneItem[] {
  return ids.flatMap((id) => {
    const memory = byId.get(id);
    return memory ? [{ key: id, memories: [memory] }] : [];
  });
}

/** As main/memory/hygiene.ts counts them: by conversation, else by message. */
function idsFrom(source: string, byId: ReadonlyMap<string, MemoryView>): readonly string[] {
  return [...byId.values()]
    .filter(({ evidence }) =>
      evidence.some(({ conversation_id, message_id }) => (conversation_id ?? message_id) === source),
    )
    .map(({ id }) => id);
}
