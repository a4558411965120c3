import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { createRandom, permutation } from '../../src/numeric/random/random.ts'
import { readRatingsFile } from '../../src/storage/ratings/read-ratings-file.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import { argumentsFor, dataSetsFolder, evaluate, inPairs } from './evaluate.ts'
import { candidates, type DataSet, type Recipe } from './recipes.ts'

const innerShare = 0.1

export type Choice = { readonly recipe: Recipe; readonly innerMse: readonly number[] }

/**
 * The candidate with the lowest error on inner rows, drawn among those that no seed holds out, so
 * that no reported row is ever looked at. The trainings see the rest of the first seed's training
 * part.
 */
export async function chooseSetting(data: DataSet, seeds: readonly number[]): Promise<Choice> {
  const { ratings } = await readRatingsFile(join(dataSetsFolder, data))
  const folder = await mkdtemp(join(tmpdir(), 'marquee-accuracy-'))
  try {
    const { train, inner } = innerSplit(ratings, seeds)
    const files = { train: join(folder, 'train.csv'), inner: join(folder, 'inner.csv') }
    await writeFile(files.train, csv(pickRows(ratings, train)))
    await writeFile(files.inner, csv(pickRows(ratings, inner)))
    const innerMse = await inPairs(candidates, async (recipe) => {
      const [result] = await evaluate([
        ...argumentsFor(files.train, recipe),
        ...['--test', files.inner, '--seed', String(seeds[0])],
      ])
      return result!.mse!
    })
    return { recipe: candidates[innerMse.indexOf(Math.min(...innerMse))]!, innerMse }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function innerSplit({ rating }: Ratings, seeds: readonly number[]) {
  const rows = rating.length
  const timesKept = new Uint8Array(rows)
  for (const seed of seeds)
    for (const row of randomSplit(rows, 0.2, seed, 'split').kept) timesKept[row]! += 1
  const inner = new Set(
    [...permutation(rows, createRandom(seeds[0]!, 'inner'))]
      .filter((row) => timesKept[row] === seeds.length)
      .slice(0, Math.floor(innerShare * rows)),
  )
  const { kept } = randomSplit(rows, 0.2, seeds[0]!, 'split')
  return { train: kept.filter((row) => !inner.has(row)), inner: Uint32Array.from(inner).sort() }
}

function csv({ users, movies, userIndex, movieIndex, rating, timestamp }: Ratings): string {
  const lines = Array.from(rating, (value, row) => {
    const ids = `${users.idOf(userIndex[row]!)},${movies.idOf(movieIndex[row]!)}`
    return `${ids},${value},${timestamp[row]}\n`
  })
  return `userId,movieId,rating,timestamp\n${lines.join('')}`
}
