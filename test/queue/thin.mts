import { mkdtemp } from 'node:fs/promises'
import { createLogger } from '../../src/logger.ts'
import { openTrainingQueue } from '../../src/queue/training-queue.ts'
import { startTrainingWorker } from '../../src/queue/worker.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { trainingSpecSchema } from '../../src/model/training-spec.ts'
import { startRedis } from '../support/redis.ts'
const redis = await startRedis()
const logger = createLogger('debug')
const folder = await mkdtemp('/tmp/marquee-thin-')
const store = createFileStore(folder)
let csv = 'userId,movieId,rating,timestamp\n'
for (let u = 0; u < 30; u++) for (let m = 0; m < 20; m++) if ((u + m) % 3) csv += `${u},${m},${(u % 2) === (m % 2) ? 5 : 1},1\n`
console.log(await importRatings(store, (async function* () { yield Buffer.from(csv) })()))
const queue = await openTrainingQueue({ redisUrl: redis.url, prefix: 'm', attempts: 3, logger })
const worker = await startTrainingWorker({ redisUrl: redis.url, prefix: 'm', storeFolder: folder, backend: 'wasm', lockMs: 2000, logger })
const spec = trainingSpecSchema.parse({ algorithm: 'dot-bias', factors: 4, epochs: 3 })
console.time('job')
const added = await queue.add(spec, 'v')
console.log(added)
if (added.outcome !== 'queued') throw 1
for await (const e of queue.events(added.job.id, { signal: new AbortController().signal })) console.log(JSON.stringify(e))
console.timeEnd('job')
console.log(await queue.find(added.job.id))
console.log((await queue.list()).length)
console.time('close'); await worker.close(); console.timeEnd('close')
await queue.close(); await redis.stop()
console.log(process.getActiveResourcesInfo())
