/**
 * Rows of parameters that steps move. A row has its state in one place: the parameters p, their
 * average gradient m and, for Adam, the average square v, each as wide as a row.
 */
@unmanaged
export class BatchRows {
  states: usize
  rowBytes: u32
  rows: u32
  /** The users' rows come first, then the movies'. */
  users: u32
  /** u32 [rows]: the step after which a row's state holds. */
  settled: usize
  /** u32 [rows]: where a row's gradient is summed in this step. */
  slot: usize
  /** u32 [slots]: the row of each slot, and f32 [slots][row]: the sums. */
  slotRow: usize
  sums: usize
  /** `BatchStep` [leaves]; number 0 is the start of the epoch. */
  steps: usize
  /** For SGD: see `settleSgd`. */
  products: usize
  /** Steps of the epoch and one more. */
  leaves: u32
  isAdam: u32
  /** 1 with biases, 0 without: the constant beside a bias. */
  one: f32
  l2: f32
  /** Of Adam: the decay of the average squares, and its term against division by zero. */
  beta2: f64
  epsilon: f32
  /** What 1/(1 − β2ᵗ) is above in the first hundred steps, in which it falls too fast to be summed up. */
  earlyScale: f64
}

/** Columns, rows (see `products` of `prediction.ts` for what is in them) and constants of an epoch. */
@unmanaged
export class BatchEpoch extends BatchRows {
  /** Columns: u32, u32, f32, f32 and, in the order to visit them, the rows' numbers, u32. */
  userIndex: usize
  movieIndex: usize
  rating: usize
  /** What is added to u·v. */
  offset: usize
  order: usize
  ratings: u32
  batchSize: u32
  lowest: f32
  /** 0: no sigmoid. */
  span: f32
}

/** Coefficients of one step; the logarithms are sums over the steps so far. */
@unmanaged
export class BatchStep {
  keep: f64
  momentum: f64
  rate: f64
  scale: f64
  logKeep: f64
  logMomentum: f64
  /** See `settleAdam`. */
  moment0: f64
  moment1: f64
  moment2: f64
  moment3: f64
}

/** The coefficients of a step of the epoch, from 1. */
export function stepAt(epoch: BatchRows, number: u32): BatchStep {
  return changetype<BatchStep>(epoch.steps + <usize>number * offsetof<BatchStep>())
}

/** The address of a row's state. */
export function stateOf(epoch: BatchRows, row: u32): usize {
  return epoch.states + <usize>row * epoch.rowBytes * (2 + epoch.isAdam)
}

/** Puts the constant beside the bias back after a row has moved. */
export function pin(epoch: BatchRows, row: u32): void {
  const beside: usize = row < epoch.users ? 4 : 8
  store<f32>(stateOf(epoch, row) + epoch.rowBytes - beside, epoch.one)
}
