import type { Attributes } from '../../model/data/attributes.ts'
import { textColumn, textsOf } from '../../model/data/text-column.ts'
import { VocabularyBuilder } from '../../model/data/vocabulary.ts'
import { encodeText } from '../../model/file/text-tensors.ts'
import {
  column,
  damaged,
  type Notes,
  openTensors,
  sealTensors,
  texts,
  vocabulary,
} from '../segments/sealed-tensors.ts'

/**
 * A segment of users is a sealed tensor file with these tensors:
 *
 *   ids.offsets       U32 [users + 1]    ids.bytes      U8, UTF-8
 *   values.offsets    U32 [values + 1]   values.bytes   U8, UTF-8, each "group:value", distinct
 *   has_offsets       U32 [users + 1]    has            U32, user u has the values has[has_offsets[u]] …
 */
export function encodeUsers(users: Attributes, notes: Notes = {}): Uint8Array[] {
  const values = new VocabularyBuilder()
  const has = [...users.values()].map((texts) => texts.map((text) => values.add(text)))
  const hasOffsets = new Uint32Array(has.length + 1)
  for (const [user, indices] of has.entries())
    hasOffsets[user + 1] = hasOffsets[user]! + indices.length
  const ids = encodeText(textColumn([...users.keys()]))
  const valueTexts = encodeText(values.build().texts)
  const flat = Uint32Array.from(has.flat())
  return sealTensors(
    'marquee-users',
    new Map([
      ['ids.offsets', ids.offsets],
      ['ids.bytes', ids.bytes],
      ['values.offsets', valueTexts.offsets],
      ['values.bytes', valueTexts.bytes],
      ['has_offsets', { shape: [hasOffsets.length], data: hasOffsets }],
      ['has', { shape: [flat.length], data: flat }],
    ]),
    notes,
  )
}

/** The users of a segment; a `damaged-segment` error says why not. */
export function decodeUsers(bytes: Uint8Array, key: string): Attributes {
  const tensors = openTensors('marquee-users', bytes, key)
  const ids = vocabulary(tensors, 'ids', key).ids
  const values = textsOf(texts(tensors, 'values', key))
  const offsets = column(tensors, 'has_offsets', Uint32Array, key, ids.length + 1)
  const has = column(tensors, 'has', Uint32Array, key, offsets.at(-1))
  const textOf = (index: number) => {
    const value = values[index]
    if (value === undefined)
      throw damaged(key, `"has" has ${index}, expected less than ${values.length}.`)
    return value
  }
  return new Map(
    ids.map((id, user) => [id, Array.from(has.subarray(offsets[user], offsets[user + 1]), textOf)]),
  )
}
