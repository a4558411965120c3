import type { Attributes } from './attributes.ts'

/** The bands of MovieLens 1M; the first is everybody younger. */
const ageBands = [
  [56, '56+'],
  [50, '50-55'],
  [45, '45-49'],
  [35, '35-44'],
  [25, '25-34'],
  [18, '18-24'],
] as const
/** A column of numbers with more distinct values is no list of codes. */
const mostCodes = 32
const bins = 10

/**
 * Labels of users from "group:value" texts. Ages go into the bands of MovieLens 1M; a group of
 * numbers with more than 32 distinct values into tenths of the users; all else stays as it is. A
 * label that a single user has is left out: nothing can be learnt from it, and it names somebody.
 */
export function userAttributes(users: Attributes): Attributes {
  const values = new Map<string, number[]>()
  for (const texts of users.values())
    for (const text of texts) {
      const group = groupOf(text)
      const value = text.slice(group.length + 1)
      const known = values.get(group)
      if (known) known.push(numberOf(value))
      else values.set(group, [numberOf(value)])
    }
  const labellers = new Map([...values].map(([group, all]) => [group, labellerOf(group, all)]))
  const labelOf = (text: string) => labellers.get(groupOf(text))!(text)
  return withoutSingles(
    new Map([...users].map(([id, texts]) => [id, [...new Set(texts.map(labelOf))]])),
  )
}

function groupOf(text: string): string {
  return text.slice(0, text.indexOf(':'))
}

function numberOf(value: string): number {
  return /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
}

/** A labeller for texts of a group with these values; NaN stands for no number. */
function labellerOf(group: string, values: readonly number[]): (text: string) => string {
  if (values.some(Number.isNaN)) return (text) => text
  const numberIn = (text: string) => numberOf(text.slice(group.length + 1))
  if (group === 'age') {
    const bandOf = (age: number) => ageBands.find(([from]) => age >= from)?.[1] ?? 'under 18'
    return (text) => `age:${bandOf(numberIn(text))}`
  }
  if (new Set(values).size <= mostCodes) return (text) => text
  const sorted = Float64Array.from(values).sort()
  const edges = Array.from(
    { length: bins },
    (_, i) => sorted[Math.floor((i * sorted.length) / bins)]!,
  )
  return (text) => `${group}:from ${edges.findLast((edge) => edge <= numberIn(text))}`
}

function withoutSingles(users: Map<string, string[]>): Attributes {
  const holders = new Map<string, number>()
  for (const labels of users.values())
    for (const label of labels) holders.set(label, (holders.get(label) ?? 0) + 1)
  return new Map(
    [...users].map(([id, labels]) => [id, labels.filter((label) => holders.get(label)! > 1)]),
  )
}
