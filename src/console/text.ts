const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** 100836 as "100,836"; "–" for nothing. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : integer.format(value)
}

/** With so many digits after the point; "–" for nothing. */
export function fixed(value: number | null | undefined, digits = 4): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits)
}

/** 0.123 as "12.3 %"; "–" for nothing. */
export function percent(share: number | null | undefined, digits = 0): string {
  return share === null || share === undefined ? '–' : `${(100 * share).toFixed(digits)} %`
}

/** Of a thing and its plural: "1 line", "2 lines". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** As exact as people want it: "4.2 s", "3 min", "2.5 h". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–'
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = seconds / 60
  if (minutes < 90) return `${Math.round(minutes)} min`
  return minutes < 2_880 ? `${(minutes / 60).toFixed(1)} h` : `${Math.round(minutes / 1_440)} days`
}

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** A time of the API as "26 Nov 2026, 18:04", in the time zone of whoever looks. */
export function time(iso: string | null | undefined): string {
  return iso ? moment.format(new Date(iso)) : '–'
}

/** How long ago it was: "3 min ago". */
export function ago(iso: string): string {
  const seconds = (Date.now() - Date.parse(iso)) / 1_000
  return seconds < 5 ? 'just now' : `${duration(seconds)} ago`
}

/** 1234567 bytes as "1.2 MB". */
export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`
  const power = Math.min(3, Math.floor(Math.log10(size) / 3))
  return `${(size / 1_000 ** power).toFixed(1)} ${['B', 'kB', 'MB', 'GB'][power]}`
}

/** Integers as they are, others with so many significant digits: "20261126", "0.7312", "2e-5". */
export function significant(value: number, digits = 6): string {
  if (Number.isInteger(value)) return String(value)
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e9) return String(Number(value.toPrecision(digits)))
  return value
    .toExponential(2)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e')
}

const compact = new Intl.NumberFormat('en', { notation: 'compact' })

/** For axes: "0.004", "150K". */
export function short(value: number): string {
  return Math.abs(value) < 10_000 ? significant(value, 3) : compact.format(value)
}
