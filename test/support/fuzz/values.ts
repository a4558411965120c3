import * as fc from 'fast-check'
import { resolved, type Schema } from './document.ts'

/** Texts that have broken services: empty, long, escaped, of other planes, of paths and of programs. */
const oddTexts = [
  ...['', ' ', '.', '..', '../../etc/passwd', '..\\..\\x', '%2e%2e%2f', '%00', '\u0000', '\u2028'],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', 'Infinity', 'true', '[]'],
  ...['-0', '1e400', '-1', '0x10', '9007199254740993', '99999999999999999999', '1.5', '١٢', ','],
  ...['\ud800', '\udfff', '𝒳𝒴', 'é', 'e\u0301', '\u202eabc', 'ﷺ'.repeat(20), '👩‍👩‍👧‍👦'.repeat(12)],
  ...['a'.repeat(64), 'a'.repeat(128), 'a'.repeat(129), 'ü'.repeat(128), '€'.repeat(129)],
  ...[
    'a'.repeat(1_024),
    'b'.repeat(5_000),
    '{"a":1}',
    '<script>alert(1)</script>',
    "'; DROP TABLE",
  ],
  ...['{{7*7}}', '*', '\\', '"', '/', '//', 'a/b', '?', '#', '&', '=', '+', ';', ':', '@'],
  ...[
    '1970-01-01T00:00:00Z',
    '2026-02-30',
    '* * * * *',
    '61 * * * *',
    'Europe/Nowhere',
    'file:///',
  ],
]
const oddNumbers = [
  ...[0, -0, -1, 0.5, 1e-320, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63],
  ...[4_294_967_295, -2_147_483_649, 1.0000000000000002, 999_999_999_999],
]

export const oddText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
)
const oddNumber = fc.oneof(fc.constantFrom(...oddNumbers), fc.double({ noNaN: true }), fc.integer())

/** Any JSON, most of it small. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddNumber,
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { a: { b: {} } }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.integer({ min: 2, max: 400 }).map((depth) => nested(depth)),
  fc.integer({ min: 100, max: 20_000 }).map((length) => new Array(length).fill('1')),
)

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

/** Ids that lead somewhere, by the name of what holds them. */
export type Known = (name: string) => readonly unknown[] | undefined

/** Values that a schema takes; what it says of several members at once is not looked at. */
export function ofSchema(given: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const ids = known(name)
  const made = ofParts(resolved(given), known, name)
  return ids && ids.length > 0 && !('enum' in given)
    ? fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 4 }, made)
    : made
}

function ofParts(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  const of = (part: unknown) => ofSchema(part as Schema, known, name)
  if ('const' in schema) return fc.constant(schema['const'])
  if ('enum' in schema) return fc.constantFrom(...(schema['enum'] as unknown[]))
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined
  if (choices) return fc.oneof(...choices.map(of))
  const { allOf, ...own } = schema
  if (allOf)
    return fc
      .tuple(...[...(allOf as Schema[]), own].map(of))
      .map((all) => Object.assign({}, ...all))
  const types = [schema['type'] ?? 'object'].flat() as string[]
  return fc.oneof(...types.map((type) => ofType(type, schema, known, name)))
}

function ofType(type: string, schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  const bound = (key: string, otherwise: number) => (schema[key] as number | undefined) ?? otherwise
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
    case 'number': {
      const min = bound('minimum', bound('exclusiveMinimum', -1_000_000_000))
      const max = bound('maximum', bound('exclusiveMaximum', 1_000_000_000))
      const whole = fc.integer({
        min: Math.ceil(min),
        max: Math.max(Math.ceil(min), Math.floor(max)),
      })
      const small = whole.map((n) => Math.min(n, Math.max(min, 10 + Math.abs(n % 50))))
      const fraction = fc.double({ min, max, noNaN: true })
      return type === 'integer' ? fc.oneof(whole, small) : fc.oneof(whole, small, fraction)
    }
    case 'string':
      return textOf(schema)
    case 'array':
      return listOf(schema, known, name)
    default:
      return objectOf(schema, known)
  }
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  if (typeof schema['pattern'] === 'string')
    try {
      return fc.stringMatching(new RegExp(schema['pattern']))
    } catch {
      // A pattern that looks around: no values of it are made.
    }
  if (schema['format'] === 'date-time')
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  const minLength = (schema['minLength'] as number | undefined) ?? 0
  const maxLength = Math.min((schema['maxLength'] as number | undefined) ?? 30, 200)
  return fc.string({ minLength, maxLength })
}

function listOf(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  const fixed = schema['prefixItems'] as Schema[] | undefined
  if (fixed) return fc.tuple(...fixed.map((item) => ofSchema(item, known)))
  const minLength = (schema['minItems'] as number | undefined) ?? 0
  const maxLength = Math.min((schema['maxItems'] as number | undefined) ?? 8, minLength + 8)
  const item = ofSchema(
    (schema['items'] as Schema | undefined) ?? {},
    known,
    name.replace(/s$/, ''),
  )
  return fc.array(item, { minLength, maxLength })
}

function objectOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const members = (schema['properties'] ?? {}) as Record<string, Schema>
  const required = (schema['required'] as string[] | undefined) ?? []
  const model = Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, ofSchema(member, known, name)]),
  )
  return fc.record(model, { requiredKeys: required.filter((name) => name in model) })
}

/** The value with one part of it changed, left out, doubled or joined by another. */
export function changed(
  value: unknown,
  { at, how, odd }: { at: number; how: number; odd: unknown },
): unknown {
  const places: { holder: Record<string, unknown>; key: string }[] = []
  const whole = { value: structuredClone(value) }
  const walk = (holder: Record<string, unknown>, key: string) => {
    places.push({ holder, key })
    const part = holder[key]
    if (typeof part === 'object' && part !== null)
      for (const name of Object.keys(part)) walk(part as Record<string, unknown>, name)
  }
  walk(whole, 'value')
  const { holder, key } = places[at % places.length]!
  const part = holder[key]
  if (how % 4 === 0) delete holder[key]
  else if (how % 4 === 1 && Array.isArray(part)) part.push(...part)
  else if (how % 4 === 2 && typeof part === 'object' && part !== null)
    Object.assign(part, { [typeof odd === 'string' ? odd : 'extra']: odd })
  else holder[key] = odd
  return whole.value
}
