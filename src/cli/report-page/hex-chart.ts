import type { HexBins } from '../../model/report.ts'
import { createAxis } from './axis.ts'
import { axes, plot } from './frame.ts'
import { type Html, html } from './html.ts'

const bottom = 360

/**
 * Hexagons d·4/3 wide and h high around their centres, the stronger the more they count: opacity is
 * √(count / highest count), so that the rare ones are seen, too. There must be a bin.
 */
export function hexChart({ columnSpacing: d, rowSpacing: h, bins }: HexBins): Html {
  const [actual, predicted] = [bins.map((bin) => bin.actual), bins.map((bin) => bin.predicted)]
  const [left, right] = [Math.min(...actual) - (2 / 3) * d, Math.max(...actual) + (2 / 3) * d]
  const [low, high] = [Math.min(...predicted) - h / 2, Math.max(...predicted) + h / 2]
  const x = createAxis(left, right, plot.left, plot.right)
  const y = createAxis(low, high, bottom, plot.top)
  const most = Math.max(...bins.map(({ count }) => count))
  const [from, to] = [Math.max(left, low), Math.min(right, high)]
  return html`<svg viewBox="0 0 400 402" role="img" aria-label="Predicted against actual ratings">
${axes(x, y, bottom, 'actual rating')}
<text class="middle" transform="translate(14 ${(plot.top + bottom) / 2}) rotate(-90)">predicted rating</text>
${bins.map(
  (bin) =>
    html`<polygon class="hexagon" points="${corners
      .map(([i, j]) => `${x.at(bin.actual + i * d)},${y.at(bin.predicted + j * h)}`)
      .join(' ')}" fill-opacity="${Math.sqrt(bin.count / most).toFixed(3)}"><title>actual ${round(
      bin.actual,
    )}, predicted ${round(bin.predicted)}: ${bin.count}</title></polygon>`,
)}
${from < to ? [html`<line class="diagonal" x1="${x.at(from)}" y1="${y.at(from)}" x2="${x.at(to)}" y2="${y.at(to)}"/>`] : []}
</svg>`
}

const corners = [
  [-2 / 3, 0],
  [-1 / 3, 1 / 2],
  [1 / 3, 1 / 2],
  [2 / 3, 0],
  [1 / 3, -1 / 2],
  [-1 / 3, -1 / 2],
] as const

function round(value: number): number {
  return Number(value.toPrecision(6))
}
