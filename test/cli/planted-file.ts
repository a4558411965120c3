import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { plantedRatings } from '../training/planted-ratings.ts'
import { runMarquee } from './run-program.ts'

/**
 * Runs a command on a small ratings.csv that lives as long as the tests of the file, in a process
 * of its own, since what counts is what stands on stdout.
 */
export function plantedFile(command: string) {
  let folder = ''
  let file = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marquee-cli-'))
    file = join(folder, 'ratings.csv')
    const { userIndex, movieIndex, rating } = plantedRatings({ users: 30, movies: 20 })
    const lines = [...rating].map((value, row) => {
      const stars = Math.round(value * 2) / 2
      return `${userIndex[row]},${movieIndex[row]},${stars},1000000000`
    })
    await writeFile(file, ['userId,movieId,rating,timestamp', ...lines, ''].join('\n'))
  })
  after(() => rm(folder, { recursive: true }))

  return (...args: string[]): Promise<string> => runMarquee([command, '--ratings', file, ...args])
}
