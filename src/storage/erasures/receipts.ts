import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { MarqueeError } from '../../errors.ts'
import { livePositionSchema } from '../../model/data/live-position.ts'
import type { ObjectStore } from '../object-store.ts'

/** The steps of an erasure, in their order. */
export const erasureSteps = [
  'answers',
  'models',
  'checkpoints',
  'ratings',
  'attributes',
  'redis',
] as const
export type ErasureStep = (typeof erasureSteps)[number]

const receiptSchema = z.object({
  id: z.string(),
  requestedAt: z.iso.datetime(),
  /** The event that told it: what was told before is to go, what came after is somebody new. */
  position: livePositionSchema,
  /** Whom it is of; once all is done, only who knows the id can tell, by the salted hash. */
  user: z.union([z.object({ id: z.string() }), z.object({ salt: z.string(), sha256: z.string() })]),
  done: z.partialRecord(z.enum(erasureSteps), z.iso.datetime()),
  /** What could not be done here and is left to whoever runs it. */
  note: z.string().optional(),
})

/** What is known of an erasure: who, since when, and when each step was done. */
export type Receipt = z.infer<typeof receiptSchema>

const idPattern = /^\d{13}-[0-9a-f]{16}$/
const folder = 'erasures/'
const keyOf = (id: string) => `${folder}${id}.json`

/** Writes the receipt of an erasure that was just told; with it, it is sure to be done. */
export async function openReceipt(
  store: ObjectStore,
  userId: string,
  position: Receipt['position'],
): Promise<Receipt> {
  const now = new Date()
  const id = `${String(now.getTime()).padStart(13, '0')}-${randomBytes(8).toString('hex')}`
  const requestedAt = now.toISOString()
  const done = { answers: requestedAt }
  const receipt: Receipt = { id, requestedAt, position, user: { id: userId }, done }
  await write(store, receipt)
  return receipt
}

/** The receipt, or an `unknown-erasure` error. */
export async function readReceipt(store: ObjectStore, id: string): Promise<Receipt> {
  const bytes = idPattern.test(id) ? await store.get(keyOf(id)) : null
  if (bytes) return receiptSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  throw new MarqueeError('unknown-erasure', `There is no erasure ${JSON.stringify(id)}.`)
}

/** All receipts, oldest first; where an id is given, those behind it. */
export async function listReceipts(store: ObjectStore, after = ''): Promise<Receipt[]> {
  const ids = (await store.list(folder))
    .filter((key) => key.endsWith('.json'))
    .map((key) => key.slice(folder.length, -'.json'.length))
    .filter((id) => id > after)
  return Promise.all(ids.map((id) => readReceipt(store, id)))
}

/** After so many looks all are read again: a clock that was set back gives earlier ids. */
const looksBehind = 60

/**
 * Gives, as often as it is called, the receipts of what is not done, oldest first. Receipts are kept
 * for good: those before the first such one are read again every sixtieth time alone.
 */
export function unfinishedReceipts(store: ObjectStore): () => Promise<Receipt[]> {
  let done = ''
  let looks = 0
  return async () => {
    if (looks++ % looksBehind === 0) done = ''
    const receipts = await listReceipts(store, done)
    const first = receipts.findIndex((receipt) => finishedAt(receipt) === null)
    const before = first < 0 ? receipts.at(-1) : receipts[first - 1]
    done = before?.id ?? done
    return receipts.filter((receipt) => finishedAt(receipt) === null)
  }
}

/** Notes when a step was done, once; with the last one the id of the user goes. */
export async function noteDone(
  store: ObjectStore,
  { id }: Pick<Receipt, 'id'>,
  step: ErasureStep,
  note?: string,
): Promise<Receipt> {
  const { user, ...receipt } = await readReceipt(store, id)
  const done = { [step]: new Date().toISOString(), ...receipt.done }
  const isLast = erasureSteps.every((one) => done[one])
  const left = isLast && 'id' in user ? proofOf(user.id) : user
  const all = [receipt.note, note].filter((one) => one !== undefined).join(' ')
  const noted = { ...receipt, ...(all !== '' && { note: all }), done, user: left }
  await write(store, noted)
  return noted
}

/** Moves an erasure to another event, where Redis lost the one that told it. */
export async function moveReceipt(
  store: ObjectStore,
  { id }: Pick<Receipt, 'id'>,
  position: Receipt['position'],
): Promise<Receipt> {
  const moved = { ...(await readReceipt(store, id)), position }
  await write(store, moved)
  return moved
}

/** When the last step was done; null before that. */
export function finishedAt({ done }: Receipt): string | null {
  const times = erasureSteps.map((step) => done[step])
  return times.every((time) => time !== undefined) ? times.sort().at(-1)! : null
}

/** Whether an erasure is of this user. */
export function isOf({ user }: Receipt, userId: string): boolean {
  return 'id' in user ? user.id === userId : hashOf(user.salt, userId) === user.sha256
}

function proofOf(userId: string) {
  const salt = randomBytes(16).toString('hex')
  return { salt, sha256: hashOf(salt, userId) }
}

function hashOf(salt: string, userId: string): string {
  return createHash('sha256').update(`${salt}\n${userId}`).digest('hex')
}

function write(store: ObjectStore, receipt: Receipt): Promise<void> {
  return store.put(keyOf(receipt.id), [Buffer.from(JSON.stringify(receipt))])
}
