/** Numbers by row: those of row i are `members[start[i]]` … `members[start[i + 1] − 1]`, rising. */
export type SortedRows = { readonly start: Uint32Array; readonly members: Int32Array }

/** Groups items by row and sorts each row; `row` [items] is −1 for what is in none. */
export function sortedRows(rows: number, row: Int32Array, member: Int32Array): SortedRows {
  const start = new Uint32Array(rows + 1)
  for (let item = 0; item < row.length; item++) if (row[item]! >= 0) start[row[item]! + 1]! += 1
  for (let i = 0; i < rows; i++) start[i + 1]! += start[i]!
  const next = start.slice()
  const members = new Int32Array(start[rows]!)
  for (let item = 0; item < row.length; item++)
    if (row[item]! >= 0) members[next[row[item]!]!++] = member[item]!
  for (let i = 0; i < rows; i++) members.subarray(start[i]!, start[i + 1]!).sort()
  return { start, members }
}

/** The numbers of a row. */
export function membersOf({ start, members }: SortedRows, row: number): Int32Array {
  return members.subarray(start[row]!, start[row + 1]!)
}

/** Whether a number is in a row, by bisection. */
export function isInRow({ start, members }: SortedRows, row: number, wanted: number): boolean {
  const end = start[row + 1]!
  let low = start[row]!
  for (let high = end; low < high; ) {
    const middle = (low + high) >>> 1
    if (members[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low < end && members[low] === wanted
}
