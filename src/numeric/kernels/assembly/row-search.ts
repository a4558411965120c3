import { sums } from './prediction'

/** The products of four rows, `rowBytes` apart, with one query. */
function productsOfRows(query: usize, row: usize, rowBytes: usize): v128 {
  const end = query + rowBytes
  let row1 = row + rowBytes
  let row2 = row1 + rowBytes
  let row3 = row2 + rowBytes
  let q = v128.load(query)
  let a = f32x4.mul(q, v128.load(row))
  let b = f32x4.mul(q, v128.load(row1))
  let c = f32x4.mul(q, v128.load(row2))
  let d = f32x4.mul(q, v128.load(row3))
  for (query += 16; query < end; query += 16) {
    row += 16
    row1 += 16
    row2 += 16
    row3 += 16
    q = v128.load(query)
    a = f32x4.add(a, f32x4.mul(q, v128.load(row)))
    b = f32x4.add(b, f32x4.mul(q, v128.load(row1)))
    c = f32x4.add(c, f32x4.mul(q, v128.load(row2)))
    d = f32x4.add(d, f32x4.mul(q, v128.load(row3)))
  }
  return sums(a, b, c, d)
}

/** The product of one row with the query. */
function productOfRow(query: usize, row: usize, rowBytes: usize): f32 {
  const end = query + rowBytes
  let sum = f32x4.splat(0)
  for (; query < end; query += 16, row += 16)
    sum = f32x4.add(sum, f32x4.mul(v128.load(query), v128.load(row)))
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  )
}

/**
 * out[i] = row_i·q for the rows `from` … `to`, four at a time: `from` is a multiple of four, and up
 * to three rows behind the last are read and written, too. A row is a whole number of vectors of
 * four.
 */
export function scoreRows(
  query: usize,
  rows: usize,
  rowBytes: usize,
  from: u32,
  to: u32,
  out: usize,
): void {
  let row = rows + <usize>from * rowBytes
  for (let i = from; i < to; i += 4, row += 4 * rowBytes)
    v128.store(out + ((<usize>i) << 2), productsOfRows(query, row, rowBytes))
}

/**
 * Those of the rows `from` … `to` whose item is allowed and whose product with `query` reaches the
 * threshold: their items into `out`, their number as result. A row whose bound, the product of its
 * short row with the short query, is below the threshold is not looked at. Four at a time, as
 * above; `items` is the item of each row (u32), `allowed` has a bit for each item.
 */
export function findRows(
  shortQuery: usize,
  shortRows: usize,
  shortRowBytes: usize,
  query: usize,
  rows: usize,
  rowBytes: usize,
  items: usize,
  allowed: usize,
  from: u32,
  to: u32,
  threshold: f32,
  out: usize,
): u32 {
  const thresholds = f32x4.splat(threshold)
  const begin = out
  let shortRow = shortRows + <usize>from * shortRowBytes
  for (let i = from; i < to; i += 4, shortRow += 4 * shortRowBytes) {
    const bounds = productsOfRows(shortQuery, shortRow, shortRowBytes)
    let reached = i32x4.bitmask(f32x4.ge(bounds, thresholds))
    for (; reached !== 0; reached &= reached - 1) {
      const row = i + <u32>ctz(reached)
      if (row >= to) break
      const item = load<u32>(items + ((<usize>row) << 2))
      if ((load<u32>(allowed + ((<usize>item >> 5) << 2)) & (1 << (item & 31))) === 0) continue
      if (productOfRow(query, rows + <usize>row * rowBytes, rowBytes) < threshold) continue
      store<u32>(out, item)
      out += 4
    }
  }
  return <u32>((out - begin) >> 2)
}
