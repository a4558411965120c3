/** A map from numbers to places on a drawing, and the round numbers to mark on it. */
export type Axis = { at(value: number): number; ticks: readonly number[] }

/**
 * Maps `from` … `to` onto `start` … `end` of the drawing. The ticks are the multiples of 1, 2 or 5
 * times a power of ten within it, some five of them.
 */
export function createAxis(from: number, to: number, start: number, end: number): Axis {
  const span = to > from ? to - from : 1
  const power = 10 ** Math.floor(Math.log10(span / 5))
  const step = power * ([1, 2, 5].find((factor) => span / (factor * power) <= 8) ?? 10)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor((from + span) / step + 1e-9)
  return {
    at: (value) => Math.round((start + ((value - from) / span) * (end - start)) * 10) / 10,
    ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step),
  }
}
