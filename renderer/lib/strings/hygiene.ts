import { formatConfidence, formatCount, formatNumber } from '../format.ts';

const memories = (count: number): string => formatCount(count, 'memory', 'memories');

export const hygiene = {
  loading: 'Looking through all memories…',
  failed: 'The memories could not be looked through',
  label: 'What could be tidied up',
  again: 'Look again',
  at: (time: string, count: number): string => `${memories(count)}, looked at ${time}`,
  kinds: {
    duplicates: 'Duplicates',
    contradictions: 'Contradictions',
    without_evidence: 'Without evidence',
    never_recalled: 'Never recalled',
    about_to_fade: 'About to fade',
    dormant: 'Dormant',
    crowded: 'Many from one source',
  },
  hints: {
    duplicates: 'These pairs say the same, or nearly. Merging keeps the evidence and confirmations of both.',
    contradictions: 'One of each pair says otherwise, or gives another number. Keep the one that is so.',
    without_evidence: 'No message supports them: they were typed, or came with an import.',
    never_recalled: 'Believed for 30 days and more, and never of use.',
    about_to_fade: 'They go dormant within a week unless confirmed. Pinned ones never fade.',
    dormant: 'They have faded. Confirming wakes them.',
    crowded: 'One conversation brought far more than the others: a loop, perhaps, or an import that went wrong.',
  },
  emptyTitle: 'Nothing to tidy up',
  emptyHint: 'No duplicates, no contradictions, nothing that fades this week.',
  none: 'Nothing here.',
  source: 'Source',
  sourceOption: (count: number, share: number): string =>
    `${memories(count)}, ${formatNumber(Math.round(share * 100))} % of all`,
  openSource: 'Show the conversation',
  alike: (similarity: number): string => `alike ${formatConfidence(similarity)}`,
  fades: (when: string): string => `fades ${when}`,
  list: (kind: string): string => `${kind}: choose with Space, all with Ctrl+A, open with Enter`,
  selected: (count: number): string => (count === 0 ? 'None selected' : `${formatNumber(count)} selected`),
  all: 'Select all',
  nothing: 'Select none',
  actions: {
    label: 'What to do with those selected',
    confirm: 'Confirm',
    pin: 'Pin',
    merge: 'Merge…',
    mergePairs: 'Merge each pair',
    forget: 'Forget…',
    open: 'Open',
  },
  done: {
    confirm: (count: number): string => `${memories(count)} confirmed.`,
    pin: (count: number): string => `${memories(count)} pinned.`,
    unpin: (count: number): string => `${memories(count)} unpinned.`,
    merge: (count: number): string => `${memories(count)} merged.`,
    forget: (count: number): string => `${memories(count)} forgotten. They are not proposed again.`,
  },
  refused: (count: number): string => `${memories(count)} could not be changed:`,
  undo: 'Undo',
  undone: 'Undone.',
  forget: {
    title: (count: number): string => `Forget ${memories(count)}?`,
    meaning: 'Text and evidence are removed, also from earlier entries of the log. This cannot be undone.',
    forget: (count: number): string => `Forget ${memories(count)}`,
  },
  merge: {
    title: 'Merge these memories',
    keep: 'Which words should stay?',
    result: (confirmations: number, evidence: number, confidence: number): string =>
      `It will have ${formatCount(confirmations, 'confirmation', 'confirmations')}, ${formatCount(evidence, 'piece', 'pieces')} of evidence, and start from ${formatConfidence(confidence)}.`,
    merge: 'Merge',
    contradicts: 'They say different things. Merge them only if the one you keep is so.',
  },
} as const;
