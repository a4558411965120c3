import { createAxis } from './axis.ts'
import { axes, plot } from './frame.ts'
import { type Html, html } from './html.ts'

export type Point = { readonly x: number; readonly y: number }
/** A named curve, in the first or the second colour. */
export type Curve = {
  readonly kind: 'first' | 'second'
  readonly name: string
  points: readonly Point[]
}

const bottom = 220
const mostDots = 40

/** Curves over one pair of axes; few points are shown as dots, too. There must be a point. */
export function lineChart(label: string, xName: string, curves: readonly Curve[]): Html {
  const points = curves.flatMap((curve) => curve.points)
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const margin = (Math.max(...ys) - Math.min(...ys)) * 0.06 || Math.abs(ys[0]!) || 1
  const x = createAxis(Math.min(...xs), Math.max(...xs), plot.left + 6, plot.right - 8)
  const y = createAxis(Math.min(...ys) - margin, Math.max(...ys) + margin, bottom, plot.top)
  const whole = { ...x, ticks: x.ticks.filter(Number.isInteger) }
  return html`<svg viewBox="0 0 400 262" role="img" aria-label="${label}">
${axes(whole, y, bottom, xName)}
${curves.map(({ kind, points }) => {
  const path = points.map((point) => `${x.at(point.x)},${y.at(point.y)}`).join(' ')
  const dots = points.length > mostDots ? [] : points
  return html`<polyline class="curve ${kind}" points="${path}"/>
${dots.map((dot) => html`<circle class="dot ${kind}" r="3.5" cx="${x.at(dot.x)}" cy="${y.at(dot.y)}"/>`)}`
})}
</svg>`
}

/** A legend: the name of each curve beside its colour. */
export function keyOf(curves: readonly Curve[]): Html {
  return html`${curves.map(({ kind, name }) => html`<span class="key ${kind}"><i></i><b>${name}</b></span>`)}`
}
