import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { forgetAnswers, forgetTrimmed, rewriteFiles } from '../../live/forget-events.ts'
import type { LiveKeys } from '../../live/live-keys.ts'
import { eraseFromModels } from '../../storage/erasures/erase-models.ts'
import { eraseAttributes, eraseRatings } from '../../storage/erasures/erase-segments.ts'
import {
  type ErasureStep,
  noteDone,
  type Receipt,
  readReceipt,
} from '../../storage/erasures/receipts.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { queueName } from '../job-keys.ts'

/** Everything outside of itself that an erasure uses. */
export type ErasureTools = {
  readonly store: ObjectStore
  readonly registry: ModelRegistry
  readonly redis: Redis
  readonly prefix: string
  readonly keys: LiveKeys
  /** Folds live events up to the erasure's; nobody else folds while it runs `and`. */
  foldUpTo(receipt: Receipt, and: (told: Receipt) => Promise<void>): Promise<void>
}

/**
 * Does an erasure step by step, noting each in its receipt: killed at any point, the next attempt
 * goes on. Trainings that began before it end first: what they publish knows nothing of it.
 */
export async function runErasureJob(erasure: string, tools: ErasureTools): Promise<void> {
  const { store, registry, redis, keys } = tools
  const { done, user } = await readReceipt(store, erasure)
  if (!('id' in user)) return
  const step = async (name: ErasureStep, work: () => Promise<string | null | void>) => {
    if (done[name] !== undefined) return
    const note = await work()
    await noteDone(store, { id: erasure }, name, note ?? undefined)
  }
  await trainingsEnd(tools)
  await step('checkpoints', async () => {
    for (const key of await store.list('checkpoints/')) await store.remove(key)
  })
  await tools.foldUpTo(await readReceipt(store, erasure), async (receipt) => {
    await step('models', () => eraseFromModels(store, registry, receipt))
    await step('ratings', () => eraseRatings(store, receipt))
  })
  await step('attributes', async () => eraseAttributes(store, await readReceipt(store, erasure)))
  await step('redis', async () => {
    await forgetTrimmed(redis, keys)
    await forgetAnswers(redis, keys, JSON.stringify(user.id).slice(1, -1))
    return rewriteFiles(redis)
  })
}

const pollMs = 500

/** Resolves once no job is running that runs now; other erasures are not waited for. */
async function trainingsEnd({ redis, prefix }: ErasureTools): Promise<void> {
  const active = () => redis.lrange(`${prefix}:${queueName}:active`, 0, -1)
  const before = (await active()).filter((id) => !id.startsWith('erase-'))
  for (;;) {
    const now = new Set(await active())
    if (!before.some((id) => now.has(id))) return
    await sleep(pollMs)
  }
}
