import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJobFailure } from '../../src/queue/job-failure.ts'
import { startTrainingWorker } from '../../src/queue/worker/worker.ts'
import { inFolder } from '../../src/storage/open-store.ts'
import { redisOfFile } from '../support/redis.ts'
import { ended, logger, openBench, queued } from './queue-bench.ts'
import { stubSpec } from './stub-trainings.ts'

const { server } = await redisOfFile()

test('a training whose process is killed while it starts is tried again', async (t) => {
  const { queue, redisUrl, prefix, folder } = await openBench(t, server.url)
  const worker = await startTrainingWorker({
    ...{ redisUrl, prefix, store: inFolder(folder), backend: 'wasm', lockMs: 2_000, logger },
    processorFile: new URL('./dying-processor.ts', import.meta.url),
  })
  t.after(() => worker.close(1_000))
  const { id } = await queued(queue.add(stubSpec('steady'), 'v'))
  const { state, attempts } = await ended(queue, id)
  assert.deepEqual([state, attempts], ['completed', 2])
})

test('the failure of such a training says what ended it', () => {
  const reason = 'Error initializing child: Unknown exit code null and signal SIGKILL'
  assert.match(readJobFailure(reason).detail, /was ended by SIGKILL, as happens when memory/)
})
