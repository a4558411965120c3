import { makeLargeStore, makeSampleStore, makeSyntheticStore } from './make-stores.ts'

/** A process of its own for each store, so that its memory goes: KIND, FOLDER, what it takes. */
const [kind, folder, ...rest] = process.argv.slice(2) as [string, string, ...string[]]
if (kind === 'sample')
  await makeSampleStore(folder, new URL('../../sample/ml-latest-small-2016.zip', import.meta.url))
if (kind === 'large') {
  const [ratings = 0, users = 0, movies = 0, factors = 0] = rest.map(Number)
  await makeLargeStore(folder, { ratings, users, movies, factors })
}
if (kind === 'synthetic') await makeSyntheticStore(folder, rest[0]!, Number(rest[1]))
