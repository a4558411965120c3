import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Ratings } from '../../src/model/data/ratings.ts'

export type TorchEpoch = {
  device: string
  batch: number
  seconds: number
  /** Of the epoch, that was run. */
  share: number
  mse: number
}

const run = promisify(execFile)
const script = fileURLToPath(new URL('torch_loop.py', import.meta.url))

/** Why PyTorch cannot be compared with; null where python3 has torch. */
export async function torchMissing(): Promise<string | null> {
  try {
    await run('python3', ['-c', 'import torch'])
    return null
  } catch (error) {
    const text = String((error as { stderr?: string }).stderr ?? error).trim()
    return text.split('\n').at(-1) ?? 'python3 cannot be started'
  }
}

/** An epoch of the loop in PyTorch for each batch size, on CUDA where it is there. */
export async function torchEpochs(
  ratings: Ratings,
  { factors, batches, limitSeconds }: { factors: number; batches: number[]; limitSeconds: number },
): Promise<TorchEpoch[]> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-torch-'))
  try {
    await writeFile(join(folder, 'users'), ratings.userIndex)
    await writeFile(join(folder, 'movies'), ratings.movieIndex)
    await writeFile(join(folder, 'ratings'), ratings.rating)
    const sizes = [ratings.users.size, ratings.movies.size, factors, limitSeconds, ...batches]
    const { stdout } = await run('python3', [script, folder, ...sizes.map(String)])
    const lines = stdout.trim().split('\n')
    return lines.map((line) => JSON.parse(line) as TorchEpoch)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
