import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import type { Service } from '../chaos/cluster.ts'

/** What may grow, by name; memory in megabytes. */
export type Sample = Readonly<Record<string, number>>

/** Looks at the processes, Redis and store of a service. */
export async function measure(service: Service, redis: Redis): Promise<Sample> {
  const sample: Record<string, number> = {}
  for (const name of ['serve', 'work'] as const) {
    const pid = service.pidOf(name)
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    sample[`${name}: memory, MB`] = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024
    sample[`${name}: descriptors`] = readdirSync(`/proc/${pid}/fd`).length
    sample[`${name}: threads`] = Number(/Threads:\s+(\d+)/.exec(status)![1])
  }
  // Jobs that have ended are kept for a month.
  const keys = await redis.keys('*')
  sample['Redis: keys but of jobs'] = keys.filter((key) => !/:(job|training):job-/.test(key)).length
  const memory = await redis.info('memory')
  sample['Redis: memory, MB'] = Number(/used_memory:(\d+)/.exec(memory)![1]) / 1_024 ** 2
  const files = await filesIn(service.store)
  const paths = files.filter((one) => one.isFile()).map((one) => `${one.parentPath}/${one.name}`)
  // One for each erasure, which is kept for good.
  const receipts = paths.filter((path) => path.includes('/erasures/')).length
  sample['store: files but receipts'] = paths.length - receipts
  return sample
}

/** All that is in a folder; a folder of it that goes while it is looked at has it looked at again. */
async function filesIn(folder: string) {
  for (;;)
    try {
      return await readdir(folder, { recursive: true, withFileTypes: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !existsSync(folder)) throw error
    }
}
