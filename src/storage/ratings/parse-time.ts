/** The last second that is stored, in the year 2106. */
const maxTimestamp = 4_294_967_295
/** A time this far ahead may come of a clock that is not set well. */
const skewSeconds = 86_400
/** In 1973: no smaller number of seconds comes of milliseconds, or of what is finer. */
const firstOfFiner = 100_000_000

const unknown = /^(?:nan|nat|null|none|n\/a|\\n)$/i
const decimal = /^\d+(?:\.\d*)?(?:e\+?\d+)?$/i
/** ISO 8601, also with slashes, a space before the clock, no seconds, no zone (then UTC). */
const dateAndClock =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)? ?(Z|UTC|[+-]\d\d:?(?:\d\d)?)?)?$/i

/** The latest time that is taken, in seconds since 1970: a little after now. */
export function latestTime(now = Math.floor(Date.now() / 1_000)): number {
  return Math.min(maxTimestamp, now + skewSeconds)
}

/**
 * The seconds since 1970, 0 where no time is known, NaN where the text is no time since 1970. Whole
 * seconds, also as floats; milli-, micro- and nanoseconds; dates, perhaps with a clock.
 */
export function parseTime(text: string): number {
  const seconds = wholeSeconds(text)
  if (seconds >= 0) return seconds >= 19_700_101 && seconds <= 20_991_231 ? ofDay(text) : seconds
  if (decimal.test(text)) return ofUnknownUnit(Number(text))
  if (unknown.test(text)) return 0
  return ofDate(text)
}

/** Without a regular expression, for most files hold only such; −1 when they are not. */
function wholeSeconds(text: string): number {
  if (text.length > 10) return -1
  let seconds = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    seconds = seconds * 10 + digit
  }
  return seconds <= maxTimestamp ? seconds : -1
}

function ofUnknownUnit(value: number): number {
  if (value <= maxTimestamp) return Math.floor(value)
  for (const unit of [1e3, 1e6, 1e9]) {
    const seconds = Math.floor(value / unit)
    if (seconds <= maxTimestamp) return seconds >= firstOfFiner ? seconds : Number.NaN
  }
  return Number.NaN
}

/** 20050402 is a day: no second of 1970 with eight digits that are one was ever a rating's. */
function ofDay(text: string): number {
  const seconds = ofDate(text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'))
  return Number.isNaN(seconds) ? Number(text) : seconds
}

function ofDate(text: string): number {
  const parts = dateAndClock.exec(text)
  if (parts === null) return Number.NaN
  const [year = 0, month = 0, day = 0] = [parts[1], parts[3], parts[4]].map(Number)
  const [hour = 0, minute = 0, second = 0] = parts.slice(5, 8).map((part) => Number(part ?? 0))
  const date = new Date(Date.UTC(year, month - 1, day))
  // 30 February would be a day of March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN
  const clock = hour * 3_600 + minute * 60 + second
  const seconds = date.getTime() / 1_000 + clock - zoneSeconds(parts[8])
  return seconds >= 0 && seconds <= maxTimestamp ? seconds : Number.NaN
}

function zoneSeconds(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60)
}
