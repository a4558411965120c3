import type { HexBins } from '../../model/report.ts'

const maxSteps = 10

/**
 * Bins (x, y) = (actual, predicted), in rating units, in hexagons flat at top and bottom. Their centres
 * are two rectangular lattices, one in the middle of the other (Carr et al., "Scatterplot matrix
 * techniques for large N", 1987), with lo the lowest rating, d and h the spacings:
 *
 *   (lo + c·d, lo + r·h) for even c      (lo + c·d, lo + (r + ½)·h) for odd c      h = d/2
 *
 * A pair belongs to the centre with the least ¾·(Δx/d)² + (Δy/h)²: the hexagons are regular when a
 * star of y is drawn 4/√3 times as long as one of x. They are that flat because actual ratings come
 * in steps and predictions do not. d is the smallest of 1, 2.5 and 5 times a power of ten that
 * makes at most ten steps of the scale: half a star for stars, so that each rating has a column.
 */
export function hexBins(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  [lowest, highest]: readonly [number, number],
): HexBins {
  const d = columnSpacing(highest - lowest)
  const h = d / 2
  const counts = new Map<number, number>()
  for (let i = 0; i < actual.length; i++) {
    const centre = nearestCentre((actual[i]! - lowest) / d, (predicted[i]! - lowest) / h)
    counts.set(centre, (counts.get(centre) ?? 0) + 1)
  }
  const bins = [...counts].sort(([a], [b]) => a - b)
  return {
    columnSpacing: d,
    rowSpacing: h,
    rows: actual.length,
    bins: bins.map(([centre, count]) => {
      const column = Math.round(centre / columnKey)
      const row = (centre - column * columnKey) / 2
      return { actual: lowest + column * d, predicted: lowest + row * h, count }
    }),
  }
}

/** More than there are halves of rows on either side. */
const columnKey = 2 ** 32

/**
 * The nearer of the two lattices' nearest centres, as column·2³² + 2·row, since `row` is in halves
 * for odd columns: one number, because there may be millions of pairs.
 */
function nearestCentre(x: number, y: number): number {
  const even = 2 * Math.round(x / 2)
  const evenRow = Math.round(y)
  const odd = 2 * Math.floor(x / 2) + 1
  const oddRow = Math.floor(y) + 0.5
  const toEven = 0.75 * (x - even) ** 2 + (y - evenRow) ** 2
  const toOdd = 0.75 * (x - odd) ** 2 + (y - oddRow) ** 2
  return toOdd < toEven ? odd * columnKey + 2 * oddRow : even * columnKey + 2 * evenRow
}

function columnSpacing(span: number): number {
  if (!(span > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(span / maxSteps))
  const step = [1, 2.5, 5].find((factor) => span <= maxSteps * factor * power * (1 + 1e-9))
  return (step ?? 10) * power
}
