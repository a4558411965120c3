const unknown = /^(?:|0|0\.0|nan|na|n\/a|null|none|\\n|unknown)$/i
/** "1995", "1995.0" of pandas, or a date that begins or ends with the year. */
const yearOrDate = /^(-?\d{1,4})(?:\.0)?$|^(\d{4})[-/.]\d\d?(?:[-/.]\d\d?)?\b|[-/. ](\d{4})$/

/** The year that a column of years or of release dates names; null for none, NaN for no year. */
export function parseYear(text: string): number | null {
  const year = text.trim()
  if (unknown.test(year)) return null
  const [, alone, first, last] = yearOrDate.exec(year) ?? []
  return Number(alone ?? first ?? last ?? Number.NaN)
}
