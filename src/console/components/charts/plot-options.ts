import uPlot from 'uplot'
import { colour } from '../../state/theme.ts'
import { short } from '../../text.ts'

/** One of the colours of series, which can be told apart also without seeing red or green. */
export type SeriesTone = 1 | 2 | 3 | 4 | 5

export type Series = {
  readonly label: string
  readonly values: readonly (number | null)[]
  readonly tone: SeriesTone
  /** On an axis of its own, at the right. */
  readonly isRight?: boolean
  readonly isDashed?: boolean
  /** Dots without a line. */
  readonly isDots?: boolean
}

/** What a chart shows: some series over the same numbers. */
export type Drawn = {
  readonly x: {
    readonly label: string
    readonly values: readonly number[]
    readonly isLog?: boolean
    /** At which of its values something is to be seen. */
    readonly mark?: number | undefined
  }
  readonly series: readonly Series[]
  readonly isLog?: boolean
  readonly height?: number
}

/** A colour of the series as it is now, light or dark. */
export function colourOf(tone: SeriesTone): string {
  return colour(`--series-${tone}`)
}

/** What uPlot is told of a chart; it draws no legend of its own. */
export function plotOptions(
  { x, series, isLog, height = 240 }: Drawn,
  width: number,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const hasRight = series.some(({ isRight }) => isRight)
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  }
  const values = (_: uPlot, splits: number[]) =>
    splits.map((split) => (split === null ? '' : short(split)))
  return {
    width: Math.max(200, width),
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      x: { time: false, distr: x.isLog ? 3 : 1 },
      y: { distr: isLog ? 3 : 1 },
      ...(hasRight && { right: {} }),
    },
    axes: [
      { ...axis, values, grid: { show: false }, size: 32 },
      { ...axis, values, size: 56 },
      ...(hasRight
        ? [{ ...axis, values, scale: 'right', side: 1 as const, grid: { show: false } }]
        : []),
    ],
    series: [
      {},
      ...series.map(({ label, tone, isRight, isDashed, isDots }) => ({
        label,
        scale: isRight ? 'right' : 'y',
        stroke: colourOf(tone),
        width: isDots ? 0 : 2,
        ...(isDashed && { dash: [5, 5] }),
        ...(isDots && { paths: () => null, points: { show: true, size: 6, fill: colourOf(tone) } }),
        spanGaps: true,
      })),
    ],
    hooks: {
      setCursor: [({ cursor: { idx } }) => onPoint(idx ?? null)],
      draw: [(plot) => drawMark(plot, x.mark)],
    },
  }
}

/** A line across the plot at one value of the axis. */
function drawMark(plot: uPlot, mark: number | undefined): void {
  if (mark === undefined) return
  const { ctx, bbox } = plot
  const left = plot.valToPos(mark, 'x', true)
  ctx.save()
  ctx.strokeStyle = colour('--accent')
  ctx.setLineDash([4 * uPlot.pxRatio, 4 * uPlot.pxRatio])
  ctx.lineWidth = 1.5 * uPlot.pxRatio
  ctx.beginPath()
  ctx.moveTo(left, bbox.top)
  ctx.lineTo(left, bbox.top + bbox.height)
  ctx.stroke()
  ctx.restore()
}
