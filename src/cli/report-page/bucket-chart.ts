import type { ErrorBucket } from '../../model/report.ts'
import { createAxis } from './axis.ts'
import { type Html, html } from './html.ts'

const rowHeight = 24
const bars = { left: 96, right: 270 }

/** A bar for each bucket, its error and its number of rows beside it. There must be a row. */
export function bucketChart(label: string, buckets: readonly ErrorBucket[]): Html {
  const widest = Math.max(...buckets.map(({ rmse }) => rmse ?? 0))
  const x = createAxis(0, widest, 0, bars.right - bars.left)
  return html`<svg viewBox="0 0 400 ${buckets.length * rowHeight + 24}" role="img" aria-label="${label}">
<text class="end" x="${bars.left - 8}" y="14">ratings</text>
<text class="end" x="318" y="14">RMSE</text><text class="end" x="392" y="14">rows</text>
${buckets.map((bucket, i) => {
  const top = 24 + i * rowHeight
  return html`<text class="end" x="${bars.left - 8}" y="${top + 15}">${rangeOf(bucket)}</text>
<rect class="bar" x="${bars.left}" y="${top + 2}" width="${x.at(bucket.rmse ?? 0)}" height="${rowHeight - 6}"/>
<text class="end value" x="318" y="${top + 15}">${bucket.rmse?.toFixed(3) ?? '–'}</text>
<text class="end" x="392" y="${top + 15}">${bucket.rows.toLocaleString('en')}</text>`
})}
</svg>`
}

/** `0`, `1`, `2–3` … */
export function rangeOf({ from, to }: ErrorBucket): string {
  const [first, last] = [from.toLocaleString('en'), to.toLocaleString('en')]
  return first === last ? first : `${first}–${last}`
}
