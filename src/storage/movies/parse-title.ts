/** "(1995)", "(1995–1998)", "(2006– )", perhaps with IMDb's mark for video or television. */
const yearAtEnd =
  /\(((?:18|19|20|21)\d\d)(?:\s{0,2}[-–—]\s{0,2}(?:\d{4})?\s{0,2})?\)(?: ?\((?:V|TV)\))?$/

/** Parts a title from the (first) year that MovieLens writes after it; null where there is none. */
export function parseTitle(text: string): { title: string; year: number | null } {
  const whole = text.trim()
  const match = yearAtEnd.exec(whole)
  const title = match === null ? '' : whole.slice(0, match.index).trimEnd()
  // A film may be called "(1995)": without a name before it, it is no year.
  if (match === null || title === '') return { title: whole, year: null }
  return { title, year: Number(match[1]) }
}
