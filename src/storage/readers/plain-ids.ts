/** Whether an id is a whole number written as a float, such as "905.0". */
export function isFloat(id: string): boolean {
  return /^\d+\.0$/.test(id)
}

/**
 * The ids of a file without ".0" at the end where every one has it, as pandas writes a column of
 * numbers of which one was missing once; otherwise null. Elsewhere, 905.0 is 905.
 */
export function plainIds(ids: readonly string[]): string[] | null {
  return ids.every(isFloat) ? ids.map((id) => id.slice(0, -2)) : null
}
