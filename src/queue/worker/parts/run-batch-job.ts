import { MarqueeError } from '../../../errors.ts'
import type { BatchSpec } from '../../../model/spec/batch-spec.ts'
import {
  type Batches,
  type BatchManifest,
  type BatchPart,
  type BatchPlan,
  batchPartSchema,
  openBatches,
} from '../../../storage/batches/batches.ts'
import { asLeft, withoutErased } from '../../../storage/batches/erase-lines.ts'
import { erasedSince } from '../../../storage/erasures/erase-models.ts'
import { headerOf } from '../../../storage/imports/stored-imports.ts'
import { usersSince } from '../../../storage/ratings/users-since.ts'
import type { LiveMark } from '../../../storage/segments/live-marks.ts'
import type { PayloadOf } from '../../job-request.ts'
import type { BatchResult } from '../../job-schema.ts'
import { beginOrRefuse, claimOrRefuse } from '../attempt.ts'
import type { JobTask, PartedJobTools } from '../job-tools.ts'

const mostUsers = 10_000
const leastUsers = 64

/**
 * Answers for many users: fixes the model and how many parts there are, has any workers make them,
 * and publishes them with a manifest.
 */
export async function runBatchJob(
  { id, payload: { spec } }: JobTask<PayloadOf<'recommend-all'>>,
  tools: PartedJobTools,
): Promise<BatchResult> {
  const batches = openBatches(tools.store)
  const earlier = await batches.find(id)
  if (earlier) return resultOf(earlier)
  const attempt = await beginOrRefuse(tools)
  const plan = (await batches.plan(id)) ?? (await fixPlan(id, spec, batches, tools))
  const made = await tools.parts.collect(
    Array.from({ length: plan.parts }, (_, part) => {
      return { part: String(part), unit: 'users', total: plan.items, base: 1, task: part }
    }),
  )
  const parts = [...made.values()].map((part) => batchPartSchema.parse(part))
  parts.sort((a, b) => a.part - b.part)
  return tools.exclusively(async () => {
    await claimOrRefuse(attempt)
    const isErased = await erasedSince(tools.store, plan.live)
    const all = await asLeft(batches, manifestOf(id, spec, plan, parts))
    const manifest = isErased ? await withoutErased(batches, all, isErased) : all
    await batches.publish(manifest)
    await batches.tidy(manifest)
    return resultOf(manifest)
  })
}

async function fixPlan(
  id: string,
  spec: BatchSpec,
  batches: Batches,
  { foldLive, exclusively, ...tools }: PartedJobTools,
): Promise<BatchPlan> {
  const live = (await foldLive?.()) ?? []
  // A training prunes models in the same way: it sees the plan, or the plan that its model is gone.
  return exclusively(async () => batches.fixPlan(id, await planOf(spec, live, tools)))
}

async function planOf(
  spec: BatchSpec,
  live: readonly LiveMark[],
  { store, registry, partRows }: Pick<PartedJobTools, 'store' | 'registry' | 'partRows'>,
): Promise<BatchPlan> {
  const model = spec.model ?? (await registry.current())
  if (model === null)
    throw new MarqueeError('no-model', 'No model serves that could answer: train one first.')
  const { tensors, data } = await registry.card(model)
  const header = await headerOf(store, `models/${model}/${tensors.file}`)
  const items = spec.asked?.count ?? header?.shapes.get('user_factors')?.[0] ?? 0
  const mostItems = items + (spec.asked ? 0 : await usersSince(store, data))
  const users = Math.min(mostUsers, Math.max(leastUsers, Math.ceil(partRows / rowsOfUser(spec))))
  const parts = Math.ceil(mostItems / users) || 1
  return { model, live: [...live], items, mostItems, parts }
}

/** Movies that are named for each user. */
function rowsOfUser({ list, predict }: BatchSpec): number {
  return predict ? (predict.movieIds?.length ?? 1) : (list?.n ?? 10)
}

function manifestOf(
  id: string,
  spec: BatchSpec,
  { model, live }: BatchPlan,
  parts: BatchPart[],
): BatchManifest {
  const sum = (of: 'users' | 'rows' | 'sizeBytes') =>
    parts.reduce((total, part) => total + part[of], 0)
  return {
    ...{ id, createdAt: new Date().toISOString(), model, live, spec },
    ...{ users: sum('users'), rows: sum('rows'), sizeBytes: sum('sizeBytes') },
    ...{ parts, erased: 0 },
  }
}

function resultOf({ id, model, users, rows, sizeBytes }: BatchManifest): BatchResult {
  return { batch: id, model, users, rows, sizeBytes }
}
