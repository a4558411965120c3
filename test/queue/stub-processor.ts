import { appendFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { MarqueeError } from '../../src/errors.ts'
import type { EpochReport } from '../../src/model/epoch-report.ts'
import type { SettledSteppedSpec } from '../../src/model/spec/training-spec.ts'
import { createProcessor } from '../../src/queue/worker/create-processor.ts'
import type { TrainingTask } from '../../src/training/train.ts'
import {
  manners,
  noBatch,
  noMaterial,
  plantedDecay,
  stubReport,
  stubSearch,
  stubTraining,
} from './stub-trainings.ts'

/** The processor of the service with a training that only takes time, or goes wrong as asked. */
// biome-ignore lint/style/noDefaultExport: BullMQ takes the default export of a processor file
export default createProcessor({
  loadMaterial: async () => noMaterial(),
  trainModel: async (task) => stubTraining(await runEpochs(task)),
  async runTrial(task) {
    const epochs = await runEpochs(task)
    const { weightDecay } = task.spec as SettledSteppedSpec
    return { validMse: Math.abs(weightDecay - plantedDecay), epochs: epochs.length }
  },
  async searchLearningRate({ hooks }) {
    hooks?.onPoint?.(stubSearch.points[0]!)
    return stubSearch
  },
  openBatch: noBatch,
})

async function runEpochs({ spec, hooks = {} }: TrainingTask): Promise<EpochReport[]> {
  const { seed, epochs: planned, weightDecay } = spec as SettledSteppedSpec
  await appendFile(`${process.env['MARQUEE_STORE']}/trainings`, `${weightDecay}\n`)
  if (seed === manners.hasNoRatings) throw new MarqueeError('no-ratings', 'There are no ratings.')
  if (seed === manners.alwaysFaults) throw new Error('The disk is full.')
  if (seed === manners.faultsOnce) await faultOnce()
  const kept = hooks.checkpoints
  const done = Number(Buffer.from((await kept?.load()) ?? '0'))
  const epochs = Array.from({ length: done }, (_, i) => stubReport(i + 1, planned))
  for (const epoch of epochs) await hooks.onEpoch?.(epoch)
  for (let epoch = done + 1; epoch <= planned; epoch++) {
    await sleep(20)
    if (hooks.signal?.aborted) throw new MarqueeError('cancelled', 'The training was cancelled.')
    epochs.push(stubReport(epoch, planned))
    await hooks.onEpoch?.(epochs.at(-1)!)
    if (seed === manners.checkpoints || kept?.intervalMs === 0)
      await kept?.save([Buffer.from(String(epoch))], epoch)
    if (epoch === 2 && seed === manners.blocks) await blockForGood()
  }
  return epochs
}

/** The first process to come here fails, seen by the file that it leaves. */
async function faultOnce(): Promise<void> {
  const isFirst = await writeFile(`${process.env['MARQUEE_STORE']}/faulted`, '', {
    flag: 'wx',
  }).then(
    () => true,
    () => false,
  )
  if (isFirst) throw new Error('The GPU has fallen off the bus.')
}

/** The event loop never turns again, as in one endless native call; what was sent before leaves. */
async function blockForGood(): Promise<void> {
  await sleep(50)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
