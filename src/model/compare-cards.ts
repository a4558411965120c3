import { isDeepStrictEqual } from 'node:util'
import type { ModelCard } from './card.ts'
import type { Comparison } from './promotion.ts'

/** A setting that differs between two trainings; null where one of them has none of that name. */
export type SettingDifference = {
  readonly name: string
  readonly a: unknown
  readonly b: unknown
}

/** Two models by their cards: no number is measured anew. */
export type CardComparison = {
  /** Whether the held-out figures of both are of the same ratings. */
  readonly comparable: boolean
  /** The same in a sentence. */
  readonly reason: string
  readonly settings: readonly SettingDifference[]
  /** What b was trained from, less what a was: negative where it was less. */
  readonly data: {
    readonly same: boolean
    readonly ratings: number
    readonly users: number
    readonly movies: number
  }
  /** What the gate measured when one of the two was to take the other's place; else null. */
  readonly gate: { readonly candidate: string; readonly comparison: Comparison } | null
}

/** Compares model b with model a. */
export function compareCards(a: ModelCard, b: ModelCard): CardComparison {
  const gate = gateOf(a, b) ?? gateOf(b, a)
  const [comparable, reason] = comparability(a, b, gate !== null)
  return {
    ...{ comparable, reason, settings: settingDifferences(a, b), gate },
    data: {
      same: a.data.version === b.data.version,
      ratings: b.data.ratings - a.data.ratings,
      users: b.data.users - a.data.users,
      movies: b.data.movies - a.data.movies,
    },
  }
}

function comparability(a: ModelCard, b: ModelCard, isMeasured: boolean): [boolean, string] {
  const instead = isMeasured ? ' `gate` has figures on the same ones.' : ''
  const without = [a, b].find(({ metrics }) => metrics === null)
  if (without) return [false, `Of model ${without.version} no ratings were held out.${instead}`]
  const differing = [
    ...(a.data.version === b.data.version ? [] : ['they were trained from other data']),
    ...(isDeepStrictEqual(a.spec.split, b.spec.split) ? [] : ['their split is another']),
    ...(a.spec.seed === b.spec.seed ? [] : ['the seed of their split is another']),
  ]
  return differing.length === 0
    ? [true, `Both were measured on the same ${a.data.validRows} held-out ratings.`]
    : [
        false,
        `Their figures are of other held-out ratings, for ${differing.join(', and ')}: small differences mean nothing.${instead}`,
      ]
}

/** Settings as they were asked for, where both cards have that; nested ones under dotted names. */
function settingDifferences(a: ModelCard, b: ModelCard): SettingDifference[] {
  const isAsked = a.asked !== undefined && b.asked !== undefined
  const [first, second] = [a, b].map((card) => flat((isAsked && card.asked) || card.spec))
  const names = new Set([...first!.keys(), ...second!.keys()])
  return [...names]
    .map((name) => ({ name, a: first!.get(name) ?? null, b: second!.get(name) ?? null }))
    .filter((setting) => !isDeepStrictEqual(setting.a, setting.b))
}

function flat(settings: object, before = ''): Map<string, unknown> {
  return new Map(
    Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? [...flat(value, `${before}${name}.`)]
        : [[before + name, value]],
    ),
  )
}

function gateOf({ version, promotion }: ModelCard, other: ModelCard): CardComparison['gate'] {
  if (!promotion?.comparison || promotion.against !== other.version) return null
  return { candidate: version, comparison: promotion.comparison }
}
