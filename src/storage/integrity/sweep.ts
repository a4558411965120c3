import type { Logger } from 'pino'
import { openBatches } from '../batches/batches.ts'
import type { ObjectStore } from '../object-store.ts'
import { createStore, folderOf, type StoreSettings } from '../open-store.ts'
import { unfinishedFiles } from './check-models.ts'
import { sweepLeftovers } from './leftovers.ts'

const everyMs = 3_600_000
const dayMs = 24 * 3_600_000

/** Sweeps a store now and every hour, as long as this process lives. */
export function keepSwept(settings: StoreSettings, logger: Logger): void {
  const sweep = () => void sweepStore(settings, logger)
  sweep()
  setInterval(sweep, everyMs).unref()
}

/** Removes batches after so many days, now and every hour, as long as this process lives. */
export function keepBatchesSwept(
  store: ObjectStore,
  { days, isUnfinished, logger }: BatchSweep,
): void {
  const sweep = async () => {
    try {
      const swept = await openBatches(store).sweep(days * dayMs, isUnfinished)
      if (swept > 0) logger.info({ swept, days }, 'Old batches were removed.')
    } catch (err) {
      logger.warn({ err }, 'Old batches could not be removed.')
    }
  }
  void sweep()
  setInterval(() => void sweep(), everyMs).unref()
}

type BatchSweep = {
  readonly days: number
  /** Whether the job waits or runs. */
  isUnfinished(job: string): Promise<boolean>
  readonly logger: Logger
}

/**
 * Removes what no living process owns: unfinished writes and uploads, and the files of publications
 * that died before their card. A store that cannot be swept is only logged.
 */
export async function sweepStore(settings: StoreSettings, logger: Logger): Promise<void> {
  try {
    let swept = await sweepLeftovers(folderOf(settings))
    for await (const { repair } of unfinishedFiles(createStore(settings))) {
      await repair()
      swept += 1
    }
    if (swept > 0) logger.info({ swept }, 'What ended processes had left was removed.')
  } catch (err) {
    logger.warn({ err }, 'What ended processes left could not be removed.')
  }
}
