import { BatchRows, stepAt } from '../batches/epoch'
import { moveRow } from '../batches/optimizer'
import { moveSlots, slotOf } from '../batches/slots'
import { drawMasks } from './dropout'
import { endOf, firstOf, levelAt, Net, NetSide, ratingAt } from './net'
import { groupsOf, passGroup } from './passes'

// A step is three stages, whose calls touch no memory in common:
// 0: the masks are drawn, and the rows of both sides catch up; 3 calls
// 1: forward and back, for each group of the batch's ratings
// 2: users and movies move, and each share of the layers; 2 calls and one a share

/** How many calls move the layers. */
const shares: u32 = 8

/** The call `index` of a stage of step `number`. Gives Σ e² over the ratings of its group. */
export function stepNet(net: Net, number: u32, stage: u32, index: u32): f64 {
  if (stage === 1) return passGroup(net, number, index)
  if (index >= 2 && stage === 2) moveLayers(net, number, index - 2)
  else if (index === 2) drawMasks(net, endOf(net, number) - firstOf(net, number))
  else {
    const side = changetype<NetSide>(index === 0 ? net.users : net.movies)
    if (stage === 0) catchUp(net, side, number)
    else moveSide(net, side, number)
  }
  return 0
}

/**
 * The steps `from` + 1 … `to` of an epoch, as `stepPerBatch` takes them. Gives Σ e² over their
 * ratings.
 */
export function stepNetBatches(net: Net, from: u32, to: u32): f64 {
  let squared: f64 = 0
  for (let number = from + 1; number <= to; number++) {
    for (let index: u32 = 0; index < 3; index++) stepNet(net, number, 0, index)
    const groups = groupsOf(net, number)
    for (let group: u32 = 0; group < groups; group++) squared += passGroup(net, number, group)
    for (let index: u32 = 0; index < 2 + shares; index++) stepNet(net, number, 2, index)
  }
  return squared
}

function catchUp(net: Net, side: NetSide, number: u32): void {
  const end = endOf(net, number)
  let count: u32 = 0
  for (let place = firstOf(net, number); place < end; place++) {
    const row = load<u32>(side.index + ratingAt(net, place))
    if (slotOf(side, row, number, count) === count) count++
  }
  side.count = count
}

/** Sums up the gradients of the rows, a rating after the other, and moves them. */
function moveSide(net: Net, side: NetSide, number: u32): void {
  const end = endOf(net, number)
  const inputs = levelAt(net, 0)
  let delta = inputs.deltas + side.inputAt
  const deltaBytes = (<usize>inputs.width) << 2
  const rowBytes: usize = side.rowBytes
  for (let place = firstOf(net, number); place < end; place++, delta += deltaBytes) {
    const row = <usize>load<u32>(side.index + ratingAt(net, place))
    const sum = side.sums + <usize>load<u32>(side.slot + (row << 2)) * rowBytes
    for (let at: usize = 0; at < rowBytes; at += 16)
      v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(delta + at)))
  }
  moveSlots(side, number, side.count)
}

/** A share of the layers' weights, the groups' gradients added up in their order. */
function moveLayers(net: Net, number: u32, share: u32): void {
  const layers = changetype<BatchRows>(net.layers)
  const bytes: usize = layers.rowBytes
  const each = ((bytes + 64 * shares - 1) / (64 * shares)) * 64
  const from = <usize>share * each
  const to = min(from + each, bytes)
  const groups = groupsOf(net, number)
  for (let group: u32 = 1; group < groups; group++) {
    const more = net.gradients + <usize>group * bytes
    for (let at = from; at < to; at += 16) {
      const sum = net.gradients + at
      v128.store(sum, f32x4.add(v128.load(sum), v128.load(more + at)))
    }
  }
  if (from < to) moveRow(layers, 0, stepAt(layers, number), net.gradients, from, to)
}
