/** The ratings of each row of one side, rows in order: row i's are `start[i]` … `start[i+1]`. */
export type RatingsByRow = {
  /** [rows + 1] */
  readonly start: Uint32Array
  /** [ratings] The row of the other side. */
  readonly index: Uint32Array
  /** [ratings] What is given for each. */
  readonly value: Float32Array
}

/** Groups ratings by `own` (compressed sparse rows) in place, a row's in the order they come in. */
export function groupByRow(
  own: Uint32Array,
  other: Uint32Array,
  value: Float32Array,
  { start, index, value: values }: RatingsByRow,
): void {
  start.fill(0)
  for (let rating = 0; rating < own.length; rating++) start[own[rating]! + 1]! += 1
  for (let row = 1; row < start.length; row++) start[row]! += start[row - 1]!
  const next = start.slice()
  for (let rating = 0; rating < own.length; rating++) {
    const place = next[own[rating]!]!++
    index[place] = other[rating]!
    values[place] = value[rating]!
  }
}

/** Cuts rows into at most `parts` neighbouring spans [from, to) of about equal cost. */
export function evenSpans(
  start: Uint32Array,
  costOfRow: number,
  parts: number,
): [from: number, to: number][] {
  const rows = start.length - 1
  const costUpTo = (row: number) => start[row]! + row * costOfRow
  const spans: [number, number][] = []
  let from = 0
  for (let part = 1; part <= parts && from < rows; part++) {
    let to = from
    while (to < rows && costUpTo(to) < (costUpTo(rows) * part) / parts) to++
    if (to > from) spans.push([from, to])
    from = to
  }
  return spans
}
