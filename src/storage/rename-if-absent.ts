import type { BigIntStats } from 'node:fs'
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimPrefix } from './integrity/leftovers.ts'
import { hasEnded, owner } from './owner.ts'

/** With these a file system says that it has no hard links. */
export const noLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/**
 * Links a file unless the name is taken, an error `EEXIST`. A network file system that had no answer asks
 * again, and is then told that the name is taken: by this file (link(2), "Bugs").
 */
export async function linkOnce(from: string, to: string): Promise<void> {
  const own = await stat(from, { bigint: true })
  await link(from, to).catch((error: unknown) => ignoreIfDone(error, 'EEXIST', to, own))
}

/** Renames a file; one that is not there any more, as it was renamed before, is no error. */
export async function renameOnce(from: string, to: string): Promise<void> {
  const own = await stat(from, { bigint: true })
  await rename(from, to).catch((error: unknown) => ignoreIfDone(error, 'ENOENT', to, own))
}

async function ignoreIfDone(
  error: unknown,
  code: string,
  to: string,
  own: BigIntStats,
): Promise<void> {
  const isCode = error instanceof Error && 'code' in error && error.code === code
  const found = isCode ? await stat(to, { bigint: true }).catch(() => null) : null
  if (found?.ino !== own.ino || found.dev !== own.dev) throw error
}

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
    await renameOnce(from, to)
  } finally {
    for (; number >= 0; number--) await rm(claim(number), { force: true }).catch(() => {})
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
