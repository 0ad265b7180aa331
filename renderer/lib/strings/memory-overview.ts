import { formatConfidence, formatCount, formatNumber } from '../format.ts';

const memories = (count: number): string => formatCount(count, 'memory', 'memories');

export const memoryOverview = {
  failed: 'The memories could not be read',
  emptyTitle: 'Nothing to draw yet',
  emptyHint: 'Once something is remembered, you see here how it grows, how sure it is, and what will fade.',
  total: (active: number, dormant: number): string =>
    dormant === 0
      ? `${memories(active)}, none dormant.`
      : `${memories(active + dormant)}: ${formatNumber(active)} active, ${formatNumber(dormant)} dormant.`,
  numbers: (heading: string): string => `${heading}: the numbers`,
  growth: {
    heading: 'Memories over time',
    hint: 'Those that are there today, dormant ones too, by the day they were added.',
    until: 'Until',
    total: 'All',
    chart: (count: number): string => `Memories over time by type, ${memories(count)} now.`,
  },
  confidence: {
    heading: 'How sure',
    hint: 'Confidence today. Dormant ones do not count until they are woken.',
    range: 'Confidence',
    bin: (from: number, to: number): string => `${formatConfidence(from)} – ${formatConfidence(to)}`,
    active: 'Active',
    dormant: 'Dormant',
    chart: (count: number, middle: number): string =>
      `Distribution of confidence over ${memories(count)}; half of them are above ${formatConfidence(middle)}.`,
    middle: (value: number): string => `Half of them are above ${formatConfidence(value)}.`,
  },
  fading: {
    heading: 'What will fade this week',
    hint: 'They go dormant on these days unless something confirms them.',
    day: 'Day',
    count: 'Memories',
    chart: (count: number): string => `${memories(count)} will fade within seven days.`,
    none: 'Nothing fades within seven days.',
    list: 'Fading first',
    more: (count: number): string => `and ${formatNumber(count)} more`,
    all: 'Show all in the list',
  },
} as const;
