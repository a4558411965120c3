import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { hasEnded } from '../owner.ts'

/** Unfinished writes of a store, and folders of uploads, begin so; then comes the mark of their owner. */
export const writingPrefix = '.writing-'
export const claimPrefix = '.claim-'
export const spoolPrefix = 'marquee-spool-'
/** Of another machine, or an earlier release, it cannot be known who is alive. */
const staleMs = 24 * 3_600_000

/** A file or folder that a process has left, and why nobody is to finish it. */
export type Leftover = { readonly path: string; readonly what: string }

/** What ended processes have left in the folder of a store, where it has one, and in that of uploads. */
export async function* leftovers(
  root: string | null,
  uploads = tmpdir(),
): AsyncGenerator<Leftover> {
  if (root !== null) {
    for await (const path of writingIn(root)) yield* leftover(path, writingPrefix)
    const probes = join(root, 'probe')
    for (const name of await namesIn(probes)) yield* leftover(join(probes, name), '')
  }
  for (const name of await namesIn(uploads))
    if (name.startsWith(spoolPrefix)) yield* leftover(join(uploads, name), spoolPrefix)
}

/** Removes them; gives how many there were. */
export async function sweepLeftovers(root: string | null, uploads?: string): Promise<number> {
  let swept = 0
  for await (const { path } of leftovers(root, uploads)) {
    await rm(path, { recursive: true, force: true })
    swept += 1
  }
  return swept
}

async function* leftover(path: string, prefix: string): AsyncGenerator<Leftover> {
  const mark = /^[0-9a-f]{8}-\d+-\d+/.exec(basename(path).slice(prefix.length))?.[0] ?? ''
  const isOver = hasEnded(mark)
  if (isOver) yield { path, what: 'The process that wrote it has ended.' }
  if (isOver !== null) return
  const changed = await stat(path).catch(() => null)
  if (changed && Date.now() - changed.mtimeMs > staleMs)
    yield { path, what: 'It was left unfinished more than a day ago.' }
}

async function* writingIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* writingIn(path)
    else if ([writingPrefix, claimPrefix].some((start) => entry.name.startsWith(start))) yield path
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
