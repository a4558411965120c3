import { createHash } from 'node:crypto'
import { MarqueeError } from '../../../errors.ts'
import type { BatchItems } from '../../../serving/batch/batch-lines.ts'
import type { OpenBatch } from '../../../serving/batch/open-batch.ts'
import {
  type Batches,
  type BatchPart,
  type BatchPlan,
  newPartFile,
  openBatches,
} from '../../../storage/batches/batches.ts'
import type { PartPayload } from '../../job-part.ts'
import type { PayloadOf } from '../../job-request.ts'
import type { PartTools } from './part-tools.ts'

/**
 * What this process has open: parts of one job come one after the other, and to load its model takes
 * longer than to answer from it.
 */
let open: { readonly of: string; readonly batch: OpenBatch } | null = null

/** Makes a part and puts it into the store; made twice, each has a file of its own. */
export async function runBatchPart(
  { of, task }: PartPayload,
  { spec }: PayloadOf<'recommend-all'>,
  { store, registry, work, signal, tell }: PartTools,
): Promise<BatchPart> {
  const batches = openBatches(store)
  const plan = await batches.plan(of)
  if (!plan) throw new MarqueeError('cancelled', 'The batch is gone.')
  if (open?.of !== of) {
    await open?.batch.close()
    open = { of, batch: await work.openBatch(registry, { ...plan, spec, items: plan.mostItems }) }
  }
  const { batch } = open
  const part = Number(task)
  const items = spec.asked
    ? await askedIn(batches, of, plan, part)
    : await batch.usersOf(part, plan.parts)
  let done = 0
  const written = await batch.write(items, (count) => {
    if (signal.aborted) throw new MarqueeError('cancelled', 'The batch was cancelled.')
    done += count
    tell({ phase: 'recommending', done, engine: null, device: null })
  })
  const hash = createHash('sha256')
  for (const bytes of written.bytes) hash.update(bytes)
  const file = newPartFile(part, spec.format)
  await batches.putPart(of, file, written.bytes)
  // Of a job that failed or was published meanwhile nobody else would ever remove it.
  if (!(await batches.plan(of)) || (await batches.find(of))) {
    await batches.removeFile(of, file)
    throw new MarqueeError('cancelled', 'The batch is gone, or was made without this part.')
  }
  return {
    ...{ part, file, users: written.users, rows: written.rows },
    sizeBytes: written.bytes.reduce((sum, { length }) => sum + length, 0),
    ...{ sha256: hash.digest('hex'), live: [...batch.live] },
  }
}

/** Those that were asked for by id, but for who was erased since. */
async function askedIn(
  batches: Batches,
  of: string,
  { parts, items }: BatchPlan,
  part: number,
): Promise<BatchItems> {
  const asked = await batches.asked(of)
  if (!asked) throw new MarqueeError('cancelled', 'The batch is gone.')
  const at = (i: number) => Math.floor((i * items) / parts)
  return asked.slice(at(part), at(part + 1)).filter((one) => one !== null) as BatchItems
}
