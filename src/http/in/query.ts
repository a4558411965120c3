import { z } from 'zod'
import { maxIdLength } from '../../model/data/ids.ts'
import { highestLevel, lowestLevel } from '../../model/intervals.ts'
import { genreNames } from '../../model/spec/list-parameters.ts'

/**
 * True for no other text than `idSchema` takes; for some of that, longer in UTF-16, it is false.
 */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= maxIdLength
}

/** A whole number in a query string, where everything is text. */
export function integer(options: { min: number; max: number }) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
    z
      .int({ error: () => `expected a whole number from ${options.min} to ${options.max}` })
      .min(options.min)
      .max(options.max),
  )
}

/** The level of an interval, in a body or in a query string, where everything is text. */
export const levelSchema = z
  .preprocess(
    (value) => (typeof value === 'string' && /^\d?\.\d{1,15}$/.test(value) ? Number(value) : value),
    z
      .number({ error: () => 'expected a number over 0.5, at most 0.99' })
      .gt(lowestLevel)
      .max(highestLevel),
  )
  .optional()
  .describe('The share of ratings that such an interval is to hold, over 0.5, at most 0.99.')

/** `true` or `false` in a query string. */
export const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
)

/** A number in a query string. */
export function decimal(options: { min: number; max: number }) {
  return z.preprocess(
    (value) =>
      typeof value === 'string' && /^\d{1,9}(\.\d{1,15})?$/.test(value) ? Number(value) : value,
    z
      .number({ error: () => `expected a number from ${options.min} to ${options.max}` })
      .min(options.min)
      .max(options.max),
  )
}

const number = String.raw`[+-]?\d{1,15}(?:\.\d{1,15})?`
const scale = new RegExp(`^(${number}),(${number})$`)

/** The lowest and the highest rating in a query string, as in `1,5`. */
export const scaleParameter = z
  .preprocess(
    (value) => (typeof value === 'string' ? scale.exec(value.trim())?.slice(1).map(Number) : value),
    z.tuple([z.number(), z.number()], { error: () => 'expected two numbers, as in 1,5' }),
  )
  .refine(([lowest, highest]) => lowest < highest, 'expected the lower number first')
  .meta({ type: 'string', pattern: scale.source })

/** A list in a query string: the name several times, or once with commas. */
export function list<Items extends z.ZodType>(items: Items) {
  return z.preprocess(
    (value) => (typeof value === 'string' || Array.isArray(value) ? splitCommas(value) : value),
    items,
  )
}

export const genresSchema = list(genreNames)
  .optional()
  .describe('Only movies of any of these genres, in any case; several times, or with commas.')

function splitCommas(value: string | unknown[]): unknown[] {
  return [value].flat().flatMap((item) => {
    return typeof item === 'string' ? item.split(',').map((part) => part.trim()) : [item]
  })
}
