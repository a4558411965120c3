import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded, owner } from './owner.ts'

/** With these a file system says that it has no hard links. */
export const noLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** The claim of who died, or is on another machine, holds no longer. */
const staleMs = 30_000
const pauseMs = 10

/**
 * Renames a file unless the name is taken (an error `EEXIST`), where there are no hard links: a claim
 * beside it, made where there is none, is held meanwhile. Whoever finds one of another waits for it.
 */
export async function renameIfAbsent(from: string, to: string): Promise<void> {
  const claim = join(dirname(to), `.claim-${basename(to)}`)
  while (!(await take(claim))) {
    if (await isStale(claim)) await rm(claim, { force: true })
    else await sleep(pauseMs)
  }
  try {
    if (await stat(to).catch(() => null))
      throw Object.assign(new Error('The name is taken.'), { code: 'EEXIST' })
    await rename(from, to)
  } finally {
    await rm(claim, { force: true })
  }
}

async function take(claim: string): Promise<boolean> {
  try {
    const file = await open(claim, 'wx', 0o640)
    await file.writeFile(owner).finally(() => file.close())
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function isStale(claim: string): Promise<boolean> {
  const [mark, facts] = await Promise.all([
    readFile(claim, 'utf8').catch(() => ''),
    stat(claim).catch(() => null),
  ])
  return facts !== null && (hasEnded(mark) === true || Date.now() - facts.mtimeMs > staleMs)
}
