import * as fc from 'fast-check'
import { bodyOf, type Draw, type Files, type Level } from './bodies.ts'
import type { Asked } from './check-answer.ts'
import type { Operation, Parameter } from './document.ts'
import type { Pools } from './pools.ts'
import { oddText, oddValue, ofSchema } from './values.ts'

export type FuzzRequest = Asked & {
  readonly level: Level
  /** Names and values in turn, so that one may be there twice. */
  readonly headers: readonly string[]
  readonly body: Buffer | null
}
/** Asked for less often: they read or write the whole store, so that little else would be asked. */
const heavy = /[iI]mport|export|Statistics|rollback|promote|startExperiment|MovieMap/

/** Segments of addresses that are no encoded id. */
const rawSegments = [
  '',
  '%',
  '%zz',
  '%00',
  '%c0%ae%c0%ae',
  '%ff',
  '%2F..%2F',
  '..',
  ';x=1',
  '%',
  '~*',
]
const oddHeaders = [
  ['accept', 'image/png'],
  ['accept-encoding', 'br;q=0, gzip;q=1, *;q=0.1'],
  ['accept-encoding', 'zip, zip, deflate'],
  ['x-request-id', 'x'.repeat(300)],
  ['x-request-id', '<b>'],
  ['if-none-match', '*'],
  ['if-none-match', '"", W/"x", bad'],
  ['range', 'bytes=5-1'],
  ['range', 'bytes=0-9,20-29'],
  ['range', 'lines=1'],
  ['range', 'bytes=-99999999999999999999'],
  ['last-event-id', '99-99-99'],
  ['idempotency-key', 'k'.repeat(500)],
  ['idempotency-key', ''],
  ['authorization', 'Basic Og=='],
  ['authorization', 'Bearer \u00fc'],
  ['origin', 'null'],
  ['origin', 'https://elsewhere.example'],
  ['x-forwarded-for', '1.1.1.1, '.repeat(50)],
  ['transfer-encoding', 'identity'],
  ['content-encoding', 'gzip'],
  ['expect', '200-maybe'],
  ['x-long', 'y'.repeat(15_000)],
  ['cookie', 'a=b; '.repeat(500)],
] as const

/** Request `number` of a seed: the same whenever the pools are the same. */
export function makeRequest(
  operations: readonly Operation[],
  pools: Pools,
  files: Files,
  { seed, number }: { seed: number; number: number },
): FuzzRequest {
  // Seeds side by side give like numbers at first, so each is mixed.
  const mixed = Math.imul(seed * 1_000_003 + number, 0x9e3779b1)
  const [draw] = fc.sample(fc.gen(), { seed: mixed, numRuns: 1 }) as [Draw]
  const drawn = draw(fc.constantFrom<Operation[]>, ...operations)
  const isSpared = heavy.test(drawn.id) && draw(fc.nat, 3) > 0
  const operation = isSpared ? draw(fc.constantFrom<Operation[]>, ...operations) : drawn
  const level = draw(fc.constantFrom<Level[]>, 'valid', 'valid', 'near', 'near', 'hostile')
  const address = addressOf(draw, operation, pools, level)
  const body = bodyOf(draw, operation, pools, files, level)
  const headers = [...address.headers]
  if (body.type !== null) headers.push('content-type', body.type)
  let { method } = operation
  if (level === 'hostile') {
    const extra = draw(fc.nat, 2)
    for (let i = 0; i < extra; i++) headers.push(...draw(() => fc.constantFrom(...oddHeaders)))
    if (extra === 2) headers.push(...headers.slice(-2))
    if (draw(fc.nat, 15) === 0)
      method = draw(fc.constantFrom<string[]>, 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE')
  }
  // Another method may be another operation, and else is one that the address does not take.
  const meant = operations.find((one) => one.path === operation.path && one.method === method)
  const isPlain = meant !== undefined && !headers.includes('transfer-encoding')
  const isAddressed = address.isAddressed && isPlain && level !== 'hostile'
  const { path } = address
  const asked = { operation: meant ?? operation, level, method, path, isAddressed, headers }
  const { json, bytes } = body
  return json === undefined || meant !== operation
    ? { ...asked, body: bytes }
    : { ...asked, body: bytes, json }
}

type Address = { path: string; headers: string[]; isAddressed: boolean }

function addressOf(draw: Draw, operation: Operation, pools: Pools, level: Level): Address {
  const { parameters } = operation
  const odd = level === 'near' ? draw(fc.nat, parameters.length) : -1
  const headers: string[] = []
  const query: string[] = []
  let isAddressed = true
  let { path } = operation
  const valueOfParameter = (parameter: Parameter, isOdd: boolean): unknown => {
    if (isOdd) return draw(() => (draw(fc.boolean) ? oddText : oddValue))
    const { name, schema, example } = parameter
    const known = (of: string) => pools.of(operation, of)
    if (example !== undefined && !known(name) && draw(fc.boolean)) return example
    return draw(() => ofSchema(schema, known, name))
  }
  for (const [i, parameter] of parameters.entries()) {
    const { name, in: place } = parameter
    const isOdd = i === odd || (level === 'hostile' && draw(fc.nat, 2) === 0)
    if (place === 'path') {
      const isRaw = level === 'hostile' && draw(fc.nat, 5) === 0
      const value = encoded(textOf(valueOfParameter(parameter, isOdd)))
      const segment = isRaw ? draw(() => fc.constantFrom(...rawSegments)) : value
      if (isRaw || segment === '' || segment.length > 1_200) isAddressed = false
      path = path.replace(`{${name}}`, () => segment)
    } else if (draw(fc.nat, 3) === 0 || isOdd) {
      const value = valueOfParameter(parameter, isOdd)
      if (place === 'header') headers.push(name, headerSafe(textOf(value)))
      else query.push(`${name}=${encoded(textOf(value))}`)
      if (isOdd && draw(fc.nat, 3) === 0 && place === 'query') query.push(query.at(-1)!)
    }
  }
  if (odd === parameters.length || (level === 'hostile' && draw(fc.nat, 4) === 0))
    query.push(
      draw(() => fc.constantFrom('extra=1', '__proto__=1', 'n[]=1', '%zz', '=', '&&', 'n')),
    )
  if (level === 'hostile' && draw(fc.nat, 40) === 0) query.push(`title=${'x'.repeat(9_000)}`)
  if (query.length > 0) path += `?${query.join('&')}`
  return { path, headers, isAddressed: isAddressed && path.length < 8_000 }
}

/** A list as it stands in a query, an object as JSON. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.slice(0, 1_500).map(textOf).join(',')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Half of a surrogate pair, which cannot be encoded, becomes U+FFFD. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

/** What node lets into a header. */
function headerSafe(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 8_000)
}
