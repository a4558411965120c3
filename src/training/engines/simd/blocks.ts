import { picked, type Ratings } from '../../../model/data/ratings.ts'
import { countsOf, groupBy } from '../../../numeric/counting.ts'
import { createRandom, permutation, type Random } from '../../../numeric/random/random.ts'

/** How many parts users and movies are cut into: the most threads that can work at once. */
export const parts = 8

/**
 * Ratings cut into parts × parts blocks, of users and movies: blocks that share neither part touch
 * no row in common. Inside a block they are sorted by user, whose row then stays in the cache.
 */
export type Blocks = {
  /** Row i of the block is rating `order[i]`; block (u, m) is `start[u·parts + m]` … the next. */
  readonly order: Uint32Array
  readonly start: Uint32Array
  /** The number of each user and movie in the blocks: those of one part follow one another. */
  readonly newUser: Uint32Array
  readonly newMovie: Uint32Array
}

type Sides = Pick<Ratings, 'userIndex' | 'movieIndex'> & {
  readonly users: { readonly size: number }
  readonly movies: { readonly size: number }
}

/** Cuts ratings so that the parts have about as many ratings each. Linear in the ratings. */
export function cutIntoBlocks(ratings: Sides, seed: number): Blocks {
  const { userIndex, movieIndex } = ratings
  const user = cut(userIndex, ratings.users.size, createRandom(seed, 'user-parts'))
  const movie = cut(movieIndex, ratings.movies.size, createRandom(seed, 'movie-parts'))
  const byUser = groupBy(picked(user.renumbered, userIndex), ratings.users.size).order
  const block = picked(user.part, userIndex)
  for (let row = 0; row < block.length; row++)
    block[row] = block[row]! * parts + movie.part[movieIndex[row]!]!
  const { order, start } = groupBy(block, parts * parts, byUser)
  return { order, start, newUser: user.renumbered, newMovie: movie.renumbered }
}

/** The busiest first, each into the part with the fewest ratings so far. */
function cut(index: Uint32Array, size: number, random: Random) {
  const ratings = countsOf(index, size)
  const shuffled = permutation(size, random)
  const busiestFirst = shuffled.slice().sort((a, b) => ratings[b]! - ratings[a]!)
  const part = new Uint32Array(size)
  const load = new Float64Array(parts)
  for (const i of busiestFirst) {
    const lightest = load.indexOf(Math.min(...load))
    part[i] = lightest
    load[lightest]! += ratings[i]!
  }
  const { order } = groupBy(part, parts, shuffled)
  const renumbered = new Uint32Array(size)
  order.forEach((i, at) => {
    renumbered[i] = at
  })
  return { part, renumbered }
}
