import type { Output } from '../../../shared/ipc/contract.ts';
import { count, printable } from '../output.ts';

type View = Output<'memory.show'>;

/** A memory in one line: how sure, what, and its id. */
export function memoryLine({ id, type, text, current_confidence, state, pinned }: View): string {
  const marks = [...(state === 'active' ? [] : [state]), ...(pinned ? ['pinned'] : [])];
  const tail = marks.length === 0 ? '' : `  (${marks.join(', ')})`;
  return `${current_confidence.toFixed(2)}  ${printable(text)}${tail}  ${type}  ${printable(id)}`;
}

export function memoryText(view: View): string {
  const { confidence, confirmation_count, contradiction_count, scope, added_at, fades_at, evidence } = view;
  const sayings = evidence.map(
    ({ message_id, quote, stance }) =>
      `  ${stance === 'contradicts' ? 'against' : 'evidence'}: ${quote === undefined ? '' : `“${printable(quote)}” `}${printable(message_id)}`,
  );
  return [
    memoryLine(view),
    `  added ${added_at} with ${confidence.toFixed(2)}, said or confirmed ${confirmation_count} times, contradicted ${contradiction_count} times`,
    view.last_recalled_at === null
      ? '  never recalled'
      : `  recalled on ${view.recall_count} days, last ${view.last_recalled_at}`,
    `  scope ${scope}${fades_at === null ? '' : `, dormant from ${fades_at} unless confirmed`}`,
    ...sayings,
  ].join('\n');
}

export function whyText({ memory, steps, fades_at, curve, floor }: Output<'memory.why'>): string {
  const lines = steps.map(({ text, change }) => `  ${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(2)}  ${text}`);
  const next =
    fades_at === null
      ? 'It does not fade.'
      : `It goes dormant below ${floor.toFixed(2)}, on ${fades_at.slice(0, 10)}, unless it is confirmed.`;
  return [memoryLine(memory), ...lines, `  ${curve.map(({ confidence }) => bar(confidence)).join('')}`, next].join(
    '\n',
  );
}

const BARS = '▁▂▃▄▅▆▇█';
function bar(confidence: number): string {
  return BARS.charAt(Math.min(BARS.length - 1, Math.floor(confidence * BARS.length)));
}

export function hygieneText(report: Output<'memory.hygiene'>): string {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['say the same', report.duplicates.map(({ ids }) => ids.join(' and '))],
    ['contradict each other', report.contradictions.map(({ ids }) => ids.join(' and '))],
    ['have no evidence', report.without_evidence],
    ['were never recalled', report.never_recalled],
    ['fade within a week', report.about_to_fade.map(({ id, fades_at }) => `${id} on ${fades_at.slice(0, 10)}`)],
    ['are dormant', report.dormant],
    ['sources brought unusually many', report.crowded_sources.map(({ source, memories }) => `${source}: ${memories}`)],
  ];
  const parts = lists
    .filter(([, ids]) => ids.length > 0)
    .map(([what, ids]) => `${ids.length} ${what}:\n  ${ids.map(printable).join('\n  ')}`);
  return [`${report.memories} memories.`, ...(parts.length === 0 ? ['Nothing to tidy up.'] : parts)].join('\n');
}

export function forgottenText(result: Output<'memory.forget'>): string {
  const { redacted_events, also_forgotten, still_says, purged, pending, not_reached } = result;
  const places = Object.entries(purged ?? {}).filter(([, found]) => found > 0);
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['It said the same, and went with it:', also_forgotten.map(printable)],
    ['Taken out of:', places.map(([place, found]) => `${place.replace('_', ' ')}: ${found}`)],
    ['These hold the same words and were left as they are:', still_says.map(printable)],
    ['Still to be done, and tried again by itself:', pending === null ? [] : [printable(pending)]],
    ['Not reached:', not_reached],
  ];
  const parts = lists.filter(([, items]) => items.length > 0).map(([title, items]) => [title, ...items].join('\n  '));
  return [`Forgotten; taken out of ${count(redacted_events, 'event')}.`, ...parts].join('\n');
}

export function eventText(event: Output<'memory.log'>[number]): string {
  const { created_at, invoker_subject_id, operation, entity_key, why, redacted } = event;
  const said = why ? `: ${printable(why)}` : '';
  return `${event.event_sequence}  ${created_at}  ${printable(invoker_subject_id)}  ${operation.action}  ${printable(entity_key)}${said}${redacted ? '  (redacted)' : ''}`;
}
