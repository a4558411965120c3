import type { Logger } from 'pino'
import { createStore, folderOf, type StoreSettings } from '../open-store.ts'
import { unfinishedFiles } from './check-models.ts'
import { sweepLeftovers } from './leftovers.ts'

const everyMs = 3_600_000

/** Sweeps a store now and every hour, as long as this process lives. */
export function keepSwept(settings: StoreSettings, logger: Logger): void {
  void sweepStore(settings, logger)
  setInterval(() => void sweepStore(settings, logger), everyMs).unref()
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
