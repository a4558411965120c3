/**
 * Catalogue coverage, the share of it that the lists show at all, |∪ lists| / movies (Ge,
 * Delgado-Battenfeld & Jannach, "Beyond accuracy", RecSys 2010). There must be a movie.
 */
export function catalogueCoverage(lists: readonly (readonly number[])[], movies: number): number {
  return new Set(lists.flat()).size / movies
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
  const means = lists.filter((list) => list.length > 0).map((list) => surprise(list, share))
  return means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0) / means.length
}

function surprise(list: readonly number[], share: ArrayLike<number>): number {
  return list.reduce((sum, movie) => sum - Math.log2(share[movie]!), 0) / list.length
}
