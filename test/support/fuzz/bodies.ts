import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import type { Asked } from './check-answer.ts'
import type { Media, Operation, Schema } from './document.ts'
import type { Pools } from './pools.ts'
import { changed, oddText, oddValue, ofSchema } from './values.ts'

/** How far from what the document asks for a request is. */
export type Level = 'valid' | 'near' | 'hostile'
/** Draws a value of what is given. */
export type Draw = fc.GeneratorValue
/** An archive as people send it, for the operation that takes one. */
export type Files = { readonly archive: Buffer }

const oddTypes = [
  ...['', 'application/json', 'APPLICATION/JSON; charset=utf-8', 'application/json;charset=utf-16'],
  ...[
    'application/json\t;x',
    'text/html',
    'multipart/form-data; boundary=x',
    'application/xml',
    '*/*',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'application/x-ndjson',
    'text/csv',
    'application/gzip',
    '/',
  ],
]

type Body = { bytes: Buffer | null; type: string | null; json?: Asked['json'] }

/** A body for the operation; null where it takes none. */
export function bodyOf(
  draw: Draw,
  operation: Operation,
  pools: Pools,
  files: Files,
  level: Level,
): Body {
  const types = Object.keys(operation.bodies)
  if (types.length === 0)
    return level === 'hostile' && draw(fc.nat, 5) === 0
      ? { bytes: Buffer.from('{"a":1}'), type: 'application/json' }
      : { bytes: null, type: null }
  const type = draw(() => fc.constantFrom(types[0]!, ...types))
  const media = operation.bodies[type]!
  const isBinary = media.schema?.['format'] === 'binary'
  if (isBinary) return fileOf(draw, operation, files, type, level)
  const value = jsonOf(draw, operation, pools, media, level)
  const text =
    type === 'application/x-ndjson' && Array.isArray(value)
      ? value.map((line) => `${JSON.stringify(line)}\n`).join('')
      : JSON.stringify(value)
  const bytes = Buffer.from(text ?? '')
  if (level !== 'hostile')
    return type === 'application/json'
      ? { bytes, type, json: { value: JSON.parse(text ?? 'null'), type } }
      : { bytes, type }
  const isOtherType = draw(fc.nat, 3) === 0
  return {
    bytes: draw(fc.nat, 2) === 0 ? broken(draw, bytes) : bytes,
    type: isOtherType ? draw(() => fc.constantFrom(...oddTypes)) : type,
  }
}

function jsonOf(draw: Draw, operation: Operation, pools: Pools, media: Media, level: Level) {
  const { schema = {} as Schema, example } = media
  const known = (name: string) => pools.of(operation, name)
  const shown = example ?? Object.values(operation.bodies)[0]?.example
  const isShown = typeof shown === 'object' && draw(fc.boolean)
  let value = isShown ? shown : draw(() => ofSchema(schema, known))
  const changes = level === 'valid' ? 0 : level === 'near' ? 1 : draw(fc.nat, 4)
  for (let i = 0; i < changes; i++)
    value = changed(value, {
      at: draw(fc.nat, 1_000),
      how: draw(fc.nat, 5),
      odd: draw(() => oddValue),
    })
  return level === 'hostile' && draw(fc.nat, 8) === 0 ? draw(() => oddValue) : value
}

/** Bytes with some of them cut off, put in, doubled or flipped. */
function broken(draw: Draw, bytes: Buffer): Buffer {
  const at = draw(fc.nat, bytes.length)
  switch (draw(fc.nat, 4)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes, bytes])
    case 2:
      return Buffer.alloc(draw(fc.constantFrom<number[]>, 0, 1, 70_000, 1_048_577, 1_600_000), '[')
    case 3: {
      const odd = Buffer.from(
        draw(() => oddText),
        'utf8',
      )
      return Buffer.concat([bytes.subarray(0, at), odd, bytes.subarray(at)])
    }
    default: {
      const flipped = Buffer.from(bytes)
      if (at < flipped.length) flipped[at]! ^= 1 << draw(fc.nat, 7)
      return flipped
    }
  }
}

/** A file for an import: the example, with other lines, packed or broken. */
function fileOf(draw: Draw, operation: Operation, files: Files, type: string, level: Level): Body {
  const { example } = Object.values(operation.bodies)[0]!
  if (typeof example !== 'string') {
    const bytes = level === 'valid' ? files.archive : broken(draw, files.archive)
    return { bytes, type }
  }
  const [header = '', first = ''] = example.split('\n')
  const lines = [header, first]
  const more = draw(fc.nat, 5)
  for (let i = 0; i < more; i++) {
    const cells = first.split(',')
    if (level === 'hostile') cells[draw(fc.nat, cells.length)] = draw(() => oddText)
    else cells[0] = String(1 + draw(fc.nat, 600))
    lines.push(cells.join(','))
  }
  const plain = Buffer.from(`${lines.join('\n')}\n`)
  const isPacked = type === 'application/gzip' || draw(fc.nat, 9) === 0
  const bytes = isPacked ? gzipSync(plain) : plain
  return { bytes: level === 'valid' ? bytes : broken(draw, bytes), type }
}
