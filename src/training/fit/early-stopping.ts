/** Watches the error of one epoch after the other and keeps the best epoch's result. */
export type EarlyStopping<Result> = {
  /** True once `patience` epochs in a row were no better than the best. */
  shouldStopAfter(error: number, result: Result): boolean
  /** Of the epoch with the lowest error, the first of equals; undefined before any epoch. */
  best(): Result | undefined
}

/** A watch that has seen no epoch yet. */
export function createEarlyStopping<Result>(patience: number): EarlyStopping<Result> {
  let lowest = Number.POSITIVE_INFINITY
  let best: Result | undefined
  let epochsSince = 0
  return {
    shouldStopAfter(error, result) {
      epochsSince++
      if (error < lowest) {
        lowest = error
        best = result
        epochsSince = 0
      }
      return epochsSince >= patience
    },
    best: () => best,
  }
}
