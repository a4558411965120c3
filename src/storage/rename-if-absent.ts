import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimPrefix } from './integrity/leftovers.ts'
import { hasEnded, owner } from './owner.ts'

/** With these a file system says that it has no hard links. */
export const noLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** The claim of who died, or is on another machine, holds no longer. */
const staleMs = 30_000
const pauseMs = 10

/**
 * Renames a file unless the name is taken (an error `EEXIST`), where there are no hard links: a claim
 * beside it, made where there is none, is held meanwhile. Whoever finds one of another waits for it, or
 * takes the next number where its owner is gone; nobody removes a claim that may be another's.
 */
export async function renameIfAbsent(from: string, to: string): Promise<void> {
  const claim = (number: number) => join(dirname(to), `${claimPrefix}${basename(to)}.${number}`)
  let number = 0
  while (!(await take(claim(number)))) {
    if (await isStale(claim(number))) number += 1
    else await sleep(pauseMs)
  }
  try {
    if (await stat(to).catch(() => null))
      throw Object.assign(new Error('The name is taken.'), { code: 'EEXIST' })
    await rename(from, to)
  } finally {
    for (; number >= 0; number--) await rm(claim(number), { force: true })
  }
}

async function take(claim: string): Promise<boolean> {
  try {
    const file = await open(claim, 'wx', 0o640)
    await file
      .writeFile(owner)
      .finally(() => file.close())
      .catch(async (error: unknown) => {
        await rm(claim, { force: true })
        throw error
      })
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
