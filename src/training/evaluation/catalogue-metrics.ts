/**
 * Catalogue coverage, the share of it that the lists show at all, |∪ lists| / movies (Ge,
 * Delgado-Battenfeld & Jannach, "Beyond accuracy", RecSys 2010). There must be a movie.
 */
export function catalogueCoverage(lists: readonly (readonly number[])[], movies: number): number {
  const isShown = new Uint8Array(movies)
  for (const list of lists) for (const movie of list) isShown[movie] = 1
  return isShown.reduce((sum, is) => sum + is, 0) / movies
}

/**
 * Novelty, the distance of lists from the mainstream: the mean over the lists of the mean over a
 * list of −log₂(share), `share[m]` being the share of the training users that rated movie m
 * (self-information; Zhou et al., "Solving the apparent diversity–accuracy dilemma", PNAS 2010).
 * Empty lists do not count; null when all are.
 */
export function novelty(
  lists: readonly (readonly number[])[],
  share: ArrayLike<number>,
): number | null {
  const bits = Float64Array.from(share, Math.log2)
  const means = lists.filter((list) => list.length > 0).map((list) => surprise(list, bits))
  return means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0) / means.length
}

function surprise(list: readonly number[], bits: Float64Array): number {
  return list.reduce((sum, movie) => sum - bits[movie]!, 0) / list.length
}
