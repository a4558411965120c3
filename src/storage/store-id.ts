import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { ObjectStore } from './object-store.ts'
import { readJson } from './read-json.ts'

const key = 'store.json'
const schema = z.object({ id: z.string().min(1) })

/** The id of a store, written by whoever asks first: a copy of a store has the same. */
export async function storeId(store: ObjectStore): Promise<string> {
  const id = (bytes: Uint8Array) => readJson(bytes, schema, 'the id of the store').id
  const found = await store.get(key)
  if (found) return id(found)
  const own = Buffer.from(`${JSON.stringify({ id: randomUUID() })}\n`)
  if (await store.putIfAbsent(key, [own])) return id(own)
  return id((await store.get(key)) ?? own)
}
