import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { forgetUser } from '../../live/experiments/forget-user.ts'
import { compactLive } from '../../live/folding/compact.ts'
import { exclusively } from '../../live/folding/exclusively.ts'
import {
  forgetSlowCommands,
  forgetTrimmed,
  rewriteFiles,
} from '../../live/folding/forget-events.ts'
import { type LiveKeys, liveKeys } from '../../live/live-keys.ts'
import { liveScripts } from '../../live/scripts.ts'
import { writeEvent } from '../../live/stream-entry.ts'
import { eraseFromBatches } from '../../storage/batches/erase-lines.ts'
import { eraseFromModels } from '../../storage/erasures/erase-models.ts'
import { eraseAttributes, eraseRatings } from '../../storage/erasures/erase-segments.ts'
import {
  type ErasureStep,
  moveReceipt,
  noteDone,
  type Receipt,
  readReceipt,
} from '../../storage/erasures/receipts.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { seqIn } from '../../storage/segments/live-marks.ts'
import { queueName } from '../job-keys.ts'

/** Everything outside of itself that an erasure uses. */
export type ErasureTools = {
  readonly store: ObjectStore
  readonly registry: ModelRegistry
  readonly redis: Redis
  readonly prefix: string
  readonly logger: Logger
}

/**
 * Does an erasure step by step, noting each in its receipt: killed at any point, the next attempt
 * goes on. Trainings that began before it end first: what they publish knows nothing of it.
 */
export async function runErasureJob(erasure: string, tools: ErasureTools): Promise<void> {
  const { store, registry, redis } = tools
  const keys = liveKeys(tools.prefix)
  const { done, user } = await readReceipt(store, erasure)
  if (!('id' in user)) return
  const step = async (name: ErasureStep, work: () => Promise<unknown>) => {
    if (done[name] !== undefined) return
    const note = await work()
    await noteDone(store, { id: erasure }, name, typeof note === 'string' ? note : undefined)
  }
  await jobsEnd(tools, (id) => !id.startsWith('erase-'))
  await step('checkpoints', async () => {
    for (const key of await store.list('checkpoints/')) await store.remove(key)
  })
  if (done.ratings === undefined) {
    const receipt = await folded(erasure, keys, tools)
    // Those that began before may not know of it, and put what they make where nobody looks again.
    await jobsEnd(tools, (id) => id.startsWith('part-'))
    const erase = async () => {
      await eraseFromModels(store, registry, receipt, (of) => isActive(of, tools))
      const onDamage = (batch: string, err: Error) =>
        tools.logger.error({ batch, err }, 'A batch is damaged: it was removed.')
      await eraseFromBatches(store, (userId) => userId === user.id, onDamage)
    }
    await step('models', () => exclusively(redis, keys, erase))
    await step('ratings', () => exclusively(redis, keys, () => eraseRatings(store, receipt)))
  }
  await step('attributes', async () => eraseAttributes(store, await readReceipt(store, erasure)))
  await step('redis', async () => {
    await forgetUser(user.id, tools)
    await forgetTrimmed(redis, keys)
    const notes = [await forgetSlowCommands(redis), await rewriteFiles(redis)]
    return notes.filter((note) => note !== null).join(' ') || null
  })
}

/** The receipt, once the event that told the erasure is in a segment and gone from the stream. */
async function folded(
  erasure: string,
  keys: LiveKeys,
  { store, redis, logger }: ErasureTools,
): Promise<Receipt> {
  const fold = () => compactLive({ redis, keys, store, logger })
  const receipt = await readReceipt(store, erasure)
  const { epoch, seq } = receipt.position
  if (seqIn(await fold(), epoch) >= seq || !('id' in receipt.user)) return receipt
  // A Redis that lost its last second, or all, is told again.
  const event = writeEvent({ type: 'user-erased', userId: receipt.user.id })
  const appended = await liveScripts(redis, keys).append([event])
  if (!('position' in appended)) throw new Error('The erasure could not be told again.')
  const moved = await moveReceipt(store, receipt, appended.position)
  await fold()
  return moved
}

const pollMs = 500

/** Resolves once none of these jobs is running that runs now. */
async function jobsEnd(tools: ErasureTools, isWaitedFor: (id: string) => boolean): Promise<void> {
  const before = (await activeIds(tools)).filter(isWaitedFor)
  for (;;) {
    const now = new Set(await activeIds(tools))
    if (!before.some((id) => now.has(id))) return
    await sleep(pollMs)
  }
}

function activeIds({ redis, prefix }: ErasureTools): Promise<string[]> {
  return redis.lrange(`${prefix}:${queueName}:active`, 0, -1)
}

/** Whether a job that publishes this version is running. */
async function isActive(version: string, tools: ErasureTools): Promise<boolean> {
  for (const id of await activeIds(tools)) {
    const data = await tools.redis.hget(`${tools.prefix}:${queueName}:${id}`, 'data')
    if (data !== null && JSON.parse(data).version === version) return true
  }
  return false
}
