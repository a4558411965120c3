import { sigmoids } from '../exponential'
import { addTimes } from '../least-squares'
import { BatchEpoch, stateOf } from './epoch'
import { moveSlots, slotOf } from './slots'

/** The dot product of two rows, an odd number of vectors each. */
function product(u: usize, v: usize, width: usize): f32 {
  let a = f32x4.mul(v128.load(u), v128.load(v))
  let b = f32x4.splat(0)
  for (let at: usize = 16; at < width; at += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(u + at), v128.load(v + at)))
    b = f32x4.add(b, f32x4.mul(v128.load(u + at, 16), v128.load(v + at, 16)))
  }
  a = f32x4.add(a, b)
  const pairs = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

/** Adds the gradients of one batch to the slots; each g is 2e/B·dr̂/dz. Gives Σ e². */
function sumGradients(epoch: BatchEpoch, from: u32, to: u32): f64 {
  const width: usize = epoch.rowBytes
  const share = <f32>(2.0 / <f64>(to - from))
  let squared: f64 = 0
  for (let i: usize = from; i < <usize>to; i++) {
    const at = (<usize>load<u32>(epoch.order + (i << 2))) << 2
    const user = load<u32>(epoch.userIndex + at)
    const movie = epoch.users + load<u32>(epoch.movieIndex + at)
    const u = stateOf(epoch, user)
    const v = stateOf(epoch, movie)
    let error = product(u, v, width) + load<f32>(epoch.offset + at)
    let slope: f32 = 1
    if (epoch.span > 0) {
      const sigma = f32x4.extract_lane(sigmoids(f32x4.splat(error)), 0)
      error = epoch.lowest + epoch.span * sigma
      slope = epoch.span * sigma * (1 - sigma)
    }
    error -= load<f32>(epoch.rating + at)
    squared += <f64>error * <f64>error
    const g = share * error * slope
    const userSlot = <usize>load<u32>(epoch.slot + ((<usize>user) << 2))
    const movieSlot = <usize>load<u32>(epoch.slot + ((<usize>movie) << 2))
    addTimes(epoch.sums + userSlot * width, v, g, width)
    addTimes(epoch.sums + movieSlot * width, u, g, width)
  }
  return squared
}

/**
 * The steps `from` + 1 … `to` of an epoch, a batch each, as an optimiser that moves every row at
 * every step would leave them: a row's steps without a gradient are made up for when it is next
 * needed. Gives Σ e² over their ratings.
 */
export function stepPerBatch(epoch: BatchEpoch, from: u32, to: u32): f64 {
  let squared: f64 = 0
  for (let number = from + 1; number <= to; number++) {
    const first = (number - 1) * epoch.batchSize
    const end = min<u32>(first + epoch.batchSize, epoch.ratings)
    let count: u32 = 0
    for (let i: usize = first; i < <usize>end; i++) {
      const at = (<usize>load<u32>(epoch.order + (i << 2))) << 2
      const user = load<u32>(epoch.userIndex + at)
      if (slotOf(epoch, user, number, count) === count) count++
      const movie = epoch.users + load<u32>(epoch.movieIndex + at)
      if (slotOf(epoch, movie, number, count) === count) count++
    }
    squared += sumGradients(epoch, first, end)
    moveSlots(epoch, number, count)
  }
  return squared
}
