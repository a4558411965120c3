import { levelAt, Net, NetLevel } from './net'

/**
 * Inverted dropout: a mask for each level that is dropped, 0 or 1/(1 − share), for `rows` ratings.
 * The numbers are those that `random.ts` would draw one after the other (sfc32).
 */
export function drawMasks(net: Net, rows: u32): void {
  for (let n: u32 = 0; n < net.depth; n++) {
    const level = levelAt(net, n)
    if (level.dropBelow === 0) fillMasks(level, rows)
    else drawMasksOf(level, rows, net.random)
  }
}

function drawMasksOf(level: NetLevel, rows: u32, random: usize): void {
  const units = level.units
  const gapAt = level.gapAt
  const gapBytes = (<usize>level.gap) << 2
  const below = level.dropBelow
  const keep = level.keep
  const rowBytes = (<usize>level.width) << 2
  let a = load<u32>(random)
  let b = load<u32>(random, 4)
  let c = load<u32>(random, 8)
  let counter = load<u32>(random, 12)
  let start = level.deltas
  for (let row: u32 = 0; row < rows; row++, start += rowBytes) {
    let at = start
    for (let unit: u32 = 0; unit < units; unit++, at += 4) {
      if (unit === gapAt) at += gapBytes
      const drawn = a + b + counter
      counter++
      a = b ^ (b >>> 9)
      b = c + (c << 3)
      c = rotl<u32>(c, 21) + drawn
      store<f32>(at, drawn < below ? 0 : keep)
    }
  }
  store<u32>(random, a)
  store<u32>(random, b, 4)
  store<u32>(random, c, 8)
  store<u32>(random, counter, 12)
}

function fillMasks(level: NetLevel, rows: u32): void {
  const rowBytes = (<usize>level.width) << 2
  let start = level.deltas
  for (let row: u32 = 0; row < rows; row++, start += rowBytes) {
    let at = start
    for (let unit: u32 = 0; unit < level.units; unit++, at += 4) {
      if (unit === level.gapAt) at += (<usize>level.gap) << 2
      store<f32>(at, 1)
    }
  }
}
