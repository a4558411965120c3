import { isDeepStrictEqual } from 'node:util'
import { type Part, type Parts, refTo, requestForm } from './part.ts'

/** An object's schema as it was collected: all of its members in one place. */
type Flat = Part & { properties: Parts; required?: readonly string[] }
type Named = readonly [name: string, schema: Flat]

/** Fewer members than these are said again rather than looked up. */
const leastShared = 3

/**
 * The schemas, each object's written as the named ones of its form whose members it has, and what
 * it has besides.
 */
export function shareMembers(schemas: Parts): Parts {
  const shareable = Object.entries(schemas)
    .filter((entry): entry is [string, Flat] => isFlat(entry[1]) && sizeOf(entry[1]) >= leastShared)
    .sort(([, a], [, b]) => sizeOf(b) - sizeOf(a))
  const written = (part: unknown, ofForm: readonly Named[]): unknown => {
    if (Array.isArray(part)) return part.map((item) => written(item, ofForm))
    if (typeof part !== 'object' || part === null) return part
    const rest = isFlat(part) ? without(part, sharedBy(part, ofForm)) : part
    return Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [key, written(value, ofForm)]),
    )
  }
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const isAlike = ([other]: Named) => other.endsWith(requestForm) === name.endsWith(requestForm)
      return [name, written(schema, shareable.filter(isAlike)) as Part]
    }),
  )
}

/** Named schemas of whose members this one has all and more, the largest first. */
function sharedBy(schema: Flat, shareable: readonly Named[]): Named[] {
  const { properties, required = [] } = schema
  const shared: Named[] = []
  const found = new Set<string>()
  for (const [name, other] of shareable) {
    const members = Object.entries(other.properties)
    const hasAll =
      members.length < sizeOf(schema) &&
      members.every(([member, property]) => isDeepStrictEqual(properties[member], property)) &&
      (other.required ?? []).every((member) => required.includes(member))
    const isWorth = members.filter(([member]) => !found.has(member)).length >= leastShared
    if (!hasAll || !isWorth) continue
    for (const [member] of members) found.add(member)
    shared.push([name, other])
  }
  return shared
}

/** The schema as these and what it has besides. */
function without(schema: Flat, shared: readonly Named[]): Part {
  if (shared.length === 0) return schema
  const { type: _, properties, required = [], ...rest } = schema
  const own = Object.entries(properties).filter(
    ([member]) => !shared.some(([, other]) => member in other.properties),
  )
  const more = required.filter(
    (member) => !shared.some(([, other]) => other.required?.includes(member)),
  )
  return {
    allOf: shared.map(([name]) => refTo('schemas', name)),
    ...(own.length > 0 && { properties: Object.fromEntries(own) }),
    ...(more.length > 0 && { required: more }),
    ...rest,
  }
}

function isFlat(part: unknown): part is Flat {
  const { type, properties } = part as Part
  return type === 'object' && typeof properties === 'object'
}

function sizeOf({ properties }: Flat): number {
  return Object.keys(properties).length
}
