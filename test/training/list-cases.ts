import type { SortedRows } from '../../src/numeric/search/sorted-rows.ts'
import type { RankingCases } from '../../src/training/evaluation/ranking-cases.ts'

/** A case as one writes it down. */
export type WrittenCase = {
  readonly user: number
  readonly relevant: readonly number[]
  readonly seen: readonly number[]
}

export function casesOf(cases: readonly WrittenCase[]): RankingCases {
  return {
    user: Int32Array.from(cases, ({ user }) => user),
    relevant: rowsOf(cases.map(({ relevant }) => relevant)),
    seen: rowsOf(cases.map(({ seen }) => seen)),
  }
}

function rowsOf(rows: readonly (readonly number[])[]): SortedRows {
  const start = new Uint32Array(rows.length + 1)
  for (const [i, row] of rows.entries()) start[i + 1] = start[i]! + row.length
  return { start, members: Int32Array.from(rows.flatMap((row) => row.toSorted((a, b) => a - b))) }
}
