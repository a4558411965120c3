/** Names of what is kept in Redis about one run of an experiment. */
export type ExperimentKeys = {
  /** Hash: what was counted, `<arm>:<field>` as in `ArmTally`. */
  readonly tally: string
  /** Hash: for each user that was shown a list, by key, the number of conversions. */
  readonly users: string
  /**
   * Sorted set of the movies that a user was shown last, by when in seconds since 1970, or +inf once
   * a rating of it was counted; goes when nothing was shown for a window.
   */
  shown(userKey: string): string
}

/** The keys of the run with this id. */
export function experimentKeys(prefix: string, id: string): ExperimentKeys {
  const key = (part: string) => `${prefix}:experiment:${id}:${part}`
  return {
    tally: key('tally'),
    users: key('users'),
    shown: (userKey) => key(`shown:${userKey}`),
  }
}
