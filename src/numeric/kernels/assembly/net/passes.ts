import { BatchRows, stateOf } from '../batches/epoch'
import { sigmoids } from '../exponential'
import { addOuter, multiplyOnto, multiplyTransposed } from './matrices'
import { endOf, firstOf, levelAt, Net, NetLevel, NetSide, ratingAt } from './net'

/** Ratings that pass forward and back together: what they need stays in the first cache. */
const chunkRows: u32 = 32
/** The fewest ratings that a batch is cut into groups for. */
const leastGroupRows: u32 = 64

/** The ratings of a group, but of the last one, a multiple of a chunk's. */
function groupRowsOf(net: Net, rows: u32): u32 {
  const each = max((rows + net.groups - 1) / net.groups, leastGroupRows)
  return ((each + chunkRows - 1) / chunkRows) * chunkRows
}

/** The groups of a step. */
export function groupsOf(net: Net, number: u32): u32 {
  const rows = endOf(net, number) - firstOf(net, number)
  const each = groupRowsOf(net, rows)
  return (rows + each - 1) / each
}

/** Forward and back for one group of a step, whose gradients are summed up. Gives Σ e². */
export function passGroup(net: Net, number: u32, group: u32): f64 {
  const first = firstOf(net, number)
  const rows = endOf(net, number) - first
  const each = groupRowsOf(net, rows)
  const from = group * each
  const to = min(from + each, rows)
  const bytes: usize = changetype<BatchRows>(net.layers).rowBytes
  const gradient = net.gradients + <usize>group * bytes
  const scratch = net.scratch + <usize>group * net.scratchBytes
  memory.fill(gradient, 0, bytes)
  let squared: f64 = 0
  for (let row = from; row < to; row += chunkRows) {
    const count = min(to - row, chunkRows)
    forward(net, first, row, count, scratch)
    squared += slopes(net, first, rows, row, count, scratch)
    back(net, row, count, scratch, gradient)
  }
  return squared
}

function upToFour(count: u32): u32 {
  return (count + 3) & ~3
}

/** What is beyond the ratings, up to a multiple of four rows, comes to nothing that is read. */
function forward(net: Net, first: u32, row: u32, count: u32, scratch: usize): void {
  const inputs = levelAt(net, 0)
  const users = changetype<NetSide>(net.users)
  const movies = changetype<NetSide>(net.movies)
  join(net, users, first + row, count, scratch + inputs.signals, deltaOf(inputs, row), inputs)
  join(net, movies, first + row, count, scratch + inputs.signals, deltaOf(inputs, row), inputs)
  putOnes(inputs, count, scratch)
  const weights = stateOf(changetype<BatchRows>(net.layers), 0)
  for (let n: u32 = 0; n < net.depth; n++) {
    const level = levelAt(net, n)
    const next = levelAt(net, n + 1)
    multiplyTransposed(
      scratch + level.signals,
      weights + level.weightsAt,
      (<usize>level.width) << 2,
      upToFour(count),
      (next.units + 1) & ~1,
      scratch + next.signals,
      (<usize>next.width) << 2,
    )
    if (n + 1 === net.depth) return
    activate(next, deltaOf(next, row), count, scratch)
    putOnes(next, count, scratch)
  }
}

function deltaOf(level: NetLevel, row: u32): usize {
  return level.deltas + <usize>row * ((<usize>level.width) << 2)
}

/** The rows of one side's ratings, times the masks. */
function join(
  net: Net,
  side: NetSide,
  first: u32,
  count: u32,
  signals: usize,
  masks: usize,
  inputs: NetLevel,
): void {
  const inputBytes = (<usize>inputs.width) << 2
  const rowBytes: usize = side.rowBytes
  let out = signals + side.inputAt
  let mask = masks + side.inputAt
  for (let place = first; place < first + count; place++) {
    const p = stateOf(side, load<u32>(side.index + ratingAt(net, place)))
    for (let at: usize = 0; at < rowBytes; at += 16)
      v128.store(out + at, f32x4.mul(v128.load(p + at), v128.load(mask + at)))
    out += inputBytes
    mask += inputBytes
  }
}

function putOnes(level: NetLevel, count: u32, scratch: usize): void {
  const bytes = (<usize>level.width) << 2
  let at = scratch + level.signals + level.oneAt
  for (let row: u32 = 0; row < count; row++, at += bytes) store<f32>(at, 1)
}

/** x ← relu(x) ⊙ mask, and mask ← mask ⊙ [x > 0], which is dx's share on the way back. */
function activate(level: NetLevel, masks: usize, count: u32, scratch: usize): void {
  const bytes = (<usize>level.width) << 2
  const used = (<usize>upToFour(level.units)) << 2
  const zero = f32x4.splat(0)
  let signals = scratch + level.signals
  for (let row: u32 = 0; row < count; row++) {
    for (let at: usize = 0; at < used; at += 16) {
      const x = v128.load(signals + at)
      const mask = v128.and(v128.load(masks + at), f32x4.gt(x, zero))
      v128.store(masks + at, mask)
      v128.store(signals + at, f32x4.mul(x, mask))
    }
    signals += bytes
    masks += bytes
  }
}

/** The outputs' gradients, each 2e/B·dr̂/dz, `rows` being B. Gives Σ e². */
function slopes(net: Net, first: u32, rows: u32, row: u32, count: u32, scratch: usize): f64 {
  const level = levelAt(net, net.depth)
  const share = <f32>(2.0 / <f64>rows)
  const bytes = (<usize>level.width) << 2
  let output = scratch + level.signals
  let delta = deltaOf(level, row)
  let squared: f64 = 0
  for (let place = first + row; place < first + row + count; place++) {
    const at = ratingAt(net, place)
    let error = load<f32>(output) + load<f32>(net.offset + at)
    let slope: f32 = 1
    if (net.span > 0) {
      const sigma = f32x4.extract_lane(sigmoids(f32x4.splat(error)), 0)
      error = net.lowest + net.span * sigma
      slope = net.span * sigma * (1 - sigma)
    }
    error -= load<f32>(net.rating + at)
    squared += <f64>error * <f64>error
    store<f32>(delta, share * error * slope)
    output += bytes
    delta += bytes
  }
  return squared
}

function back(net: Net, row: u32, count: u32, scratch: usize, gradient: usize): void {
  const weights = stateOf(changetype<BatchRows>(net.layers), 0)
  for (let n = net.depth; n > 0; n--) {
    const level = levelAt(net, n - 1)
    const next = levelAt(net, n)
    const delta = deltaOf(next, row)
    const deltaBytes = (<usize>next.width) << 2
    const bytes = (<usize>level.width) << 2
    const at = level.weightsAt
    addOuter(delta, deltaBytes, next.units, scratch + level.signals, bytes, count, gradient + at)
    multiplyOnto(
      delta,
      deltaBytes,
      next.units,
      weights + at,
      upToFour(count),
      deltaOf(level, row),
      bytes,
    )
  }
}
