import type { TestContext } from 'node:test'
import { createApi } from '../../src/cli/demo/api.ts'
import { temporaryFolder } from '../storage/bodies.ts'
import { startMarquee } from '../support/marquee.ts'
import { freePort } from '../support/redis.ts'

/** `serve` and `work` as users start them, over a store of their own; the address. */
export async function startService(
  t: TestContext,
  { redisUrl, ...further }: { redisUrl: string } & Record<string, string>,
): Promise<string> {
  const port = await freePort()
  const environment = {
    ...{ HOST: '127.0.0.1', PORT: `${port}`, REDIS_URL: redisUrl, LOG_LEVEL: 'warn' },
    ...{ MARQUEE_STORE: await temporaryFolder(t), MARQUEE_MODEL_POLL_MS: '100', ...further },
  }
  for (const command of ['serve', 'work']) {
    const started = startMarquee([command], environment)
    t.after(async () => {
      started.kill('SIGKILL')
      await started.ended
    })
  }
  const base = `http://127.0.0.1:${port}`
  await createApi(base).waitFor('/health/live')
  return base
}

/** A training of a moment: its ranking is given, so that nothing is searched for. */
export const quickTraining = {
  algorithm: 'dot-bias',
  factors: 5,
  epochs: 3,
  ranking: {
    factors: 8,
    epochs: 3,
    unobservedWeight: 0.1,
    regularization: 0.1,
    priorRatings: 4,
  },
} as const
