import { startTrainingWorker } from '../../src/queue/worker.ts'
import { logger } from './queue-bench.ts'

const [redisUrl, prefix, folder, delay] = process.argv.slice(2)
await startTrainingWorker({
  redisUrl: redisUrl!,
  prefix: prefix!,
  storeFolder: folder!,
  backend: 'wasm',
  lockMs: 2000,
  logger,
  processorFile: new URL('./stub-processor.ts', import.meta.url),
})
setTimeout(
  () => process.kill(process.pid, delay!.startsWith('T') ? 'SIGTERM' : 'SIGKILL'),
  Number(delay!.replace('T', '')),
)
