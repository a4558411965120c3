import { BatchRows } from '../batches/epoch'

/** The users or the movies of a net: their rows, and where these are among its inputs. */
@unmanaged
export class NetSide extends BatchRows {
  /** u32 [ratings] */
  index: usize
  /** Of the row in a row of inputs, in bytes. */
  inputAt: usize
  /** Slots taken in this step. */
  count: u32
}

/**
 * What a layer reads, a row for each rating: the joined embeddings, or a hidden layer. Behind the
 * last one there is the output, without a layer. One number of a row is the constant 1 that the
 * bias is multiplied by; what else is beyond the units is 0.
 */
@unmanaged
export class NetLevel {
  /** Numbers of a row, a multiple of 8; of the output 4. */
  width: u32
  units: u32
  /** Of the constant in a row, in bytes. */
  oneAt: usize
  /** The first of the movies' units, and how many numbers are left out before it. */
  gapAt: u32
  gap: u32
  /** A unit is dropped where a random u32 is less than this; else it is multiplied by `keep`. */
  dropBelow: u32
  keep: f32
  /** f32 [rows of a chunk][width], in a group's scratch. */
  signals: usize
  /** f32 [rows of a batch][width]: the masks, and then the gradients. */
  deltas: usize
  /** Of the layer's weights [units of the next level, up to a multiple of 4][width], in bytes. */
  weightsAt: usize
}

/** Columns, parameters and constants of an epoch of a net. */
@unmanaged
export class Net {
  users: usize
  movies: usize
  /** All layers' weights, as one row. */
  layers: usize
  /** `NetLevel` [depth + 1] */
  levels: usize
  depth: u32
  /** Columns, see `BatchEpoch`; the offset is added to the output. */
  rating: usize
  offset: usize
  order: usize
  ratings: u32
  batchSize: u32
  /** Into how many groups a batch is cut, each with sums of gradients and a scratch of its own. */
  groups: u32
  gradients: usize
  scratch: usize
  scratchBytes: usize
  /** Four numbers of sfc32, see `random.ts`. */
  random: usize
  lowest: f32
  /** 0: no sigmoid. */
  span: f32
}

export function levelAt(net: Net, n: u32): NetLevel {
  return changetype<NetLevel>(net.levels + <usize>n * offsetof<NetLevel>())
}

/** The rating at a place of the order, as bytes in a column. */
export function ratingAt(net: Net, place: u32): usize {
  return (<usize>load<u32>(net.order + ((<usize>place) << 2))) << 2
}

/** The ratings before step `number`, and up to its end. */
export function firstOf(net: Net, number: u32): u32 {
  return (number - 1) * net.batchSize
}

export function endOf(net: Net, number: u32): u32 {
  return <u32>min<u64>(<u64>number * net.batchSize, net.ratings)
}
