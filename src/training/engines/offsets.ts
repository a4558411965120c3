import type { Ratings } from '../../model/data/ratings.ts'
import type { Start } from '../trainer.ts'

/** What the start predicts for each rating, in units of z, [rows]. */
export function offsetsOf({ userIndex, movieIndex }: Ratings, start: Start): Float32Array {
  const { userBias, movieBias } = start
  return Float32Array.from(userIndex, (user, row) => userBias[user]! + movieBias[movieIndex[row]!]!)
}
