import { AreaChart, BarChart } from '@mantine/charts';
import { formatConfidence, formatNumber, formatShortDate } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import { useToday } from '../../../lib/use-today.ts';
import type { ConfidenceBin, FadingDay, Growth } from './overview-figures.ts';

/** One accent and two greys, told apart by lightness as well. */
const colors = ['var(--accent)', 'var(--ink-faint)', 'var(--line-strong)'] as const;
const height = 210;
const types = strings.memory.list.types;
const words = strings.memoryOverview;
const counts = { tickFormatter: formatNumber, allowDecimals: false, width: 40 } as const;
/** In the order of the drawing. */
const legend = { itemSorter: null } as const;
const still = { isAnimationActive: false } as const;

export function GrowthChart({ growth }: { readonly growth: readonly Growth[] }) {
  const today = useToday();
  return (
    <AreaChart
      h={height}
      type="stacked"
      data={growth.map((each) => ({ ...each, at: formatShortDate(new Date(each.untilMs).toISOString(), today) }))}
      dataKey="at"
      series={[
        { name: 'USER_FACT', label: types.USER_FACT, color: colors[0] },
        { name: 'USER_PATTERN', label: types.USER_PATTERN, color: colors[1] },
        { name: 'SHARED_NARRATIVE', label: types.SHARED_NARRATIVE, color: colors[2] },
      ]}
      curveType="linear"
      fillOpacity={0.75}
      withDots={false}
      withTooltip={false}
      withLegend
      legendProps={legend}
      gridAxis="x"
      xAxisProps={{ minTickGap: 40 }}
      yAxisProps={counts}
      areaProps={still}
      areaChartProps={{ accessibilityLayer: false }}
    />
  );
}

export function ConfidenceChart({ bins }: { readonly bins: readonly ConfidenceBin[] }) {
  return (
    <BarChart
      h={height}
      type="stacked"
      data={bins.map(({ from, active, dormant }) => ({ from: formatConfidence(from), active, dormant }))}
      dataKey="from"
      series={[
        { name: 'active', label: words.confidence.active, color: colors[0] },
        { name: 'dormant', label: words.confidence.dormant, color: colors[1] },
      ]}
      withTooltip={false}
      withLegend
      legendProps={legend}
      gridAxis="x"
      yAxisProps={counts}
      barProps={still}
      barChartProps={{ accessibilityLayer: false }}
    />
  );
}

export function FadingChart({ days }: { readonly days: readonly FadingDay[] }) {
  const today = useToday();
  return (
    <BarChart
      h={height}
      data={days.map(({ date, memories }) => ({
        day: formatShortDate(date.toISOString(), today),
        count: memories.length,
      }))}
      dataKey="day"
      series={[{ name: 'count', label: words.fading.count, color: colors[0] }]}
      withTooltip={false}
      gridAxis="x"
      yAxisProps={counts}
      barProps={still}
      // Without a legend above it, its uppermost number needs some room.
      barChartProps={{ accessibilityLayer: false, margin: { top: 12 } }}
    />
  );
}
