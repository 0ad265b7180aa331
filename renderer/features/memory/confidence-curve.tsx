import { AreaChart } from '@mantine/charts';
import type { Output } from '../../../shared/ipc/contract.ts';
import { formatConfidence, formatShortDate } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useToday } from '../../lib/use-today.ts';

const words = strings.memory.why;

interface ConfidenceCurveProps {
  readonly curve: Output<'memory.why'>['curve'];
  readonly floor: number;
  /** ms since 1970. */
  readonly nowMs: number;
}

/** Confidence from the last confirmation until past the floor, with the present and the floor as lines. */
export function ConfidenceCurve({ curve, floor, nowMs }: ConfidenceCurveProps) {
  const today = useToday();
  const points = curve.map(({ at, confidence }) => ({ at: Date.parse(at), confidence }));
  const [first, last] = [points[0]?.at ?? nowMs, points.at(-1)?.at ?? nowMs];
  // The answer took a moment to come: the present may lie just past what was drawn.
  const presentMs = Math.min(last, Math.max(first, nowMs));
  const day = (ms: number): string => formatShortDate(new Date(ms).toISOString(), today);
  return (
    <AreaChart
      h={162}
      data={points}
      dataKey="at"
      series={[{ name: 'confidence', color: 'var(--accent)' }]}
      curveType="linear"
      withDots={false}
      withTooltip={false}
      gridAxis="none"
      xAxisProps={{ type: 'number', domain: ['dataMin', 'dataMax'], tickFormatter: day, minTickGap: 40 }}
      yAxisProps={{ domain: [0, 1], ticks: [0, 0.5, 1], tickFormatter: formatConfidence, width: 44 }}
      referenceLines={[
        { y: floor, label: words.floor, color: 'var(--ink-faint)', labelPosition: 'insideBottomLeft' },
        {
          x: presentMs,
          label: words.today,
          color: 'var(--ink)',
          // Above the drawing: inside, the curve would run through the word.
          labelPosition: 'top',
        },
      ]}
      areaChartProps={{ accessibilityLayer: false, margin: { top: 20 } }}
    />
  );
}
