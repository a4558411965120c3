import { sigmoids } from './exponential'
import { products } from './prediction'

/** u ← keep_u·u + step·v and v ← keep_v·v + step·u, with the old ones on the right. */
function move(u: usize, v: usize, last: usize, keepU: f32, keepV: f32, step: f32): void {
  const keepUser = f32x4.splat(keepU)
  const keepMovie = f32x4.splat(keepV)
  const both = f32x4.splat(step)
  let at: usize = 0
  for (; at < last; at += 32) {
    const u0 = v128.load(u + at)
    const v0 = v128.load(v + at)
    const u1 = v128.load(u + at, 16)
    const v1 = v128.load(v + at, 16)
    v128.store(u + at, f32x4.add(f32x4.mul(u0, keepUser), f32x4.mul(v0, both)))
    v128.store(v + at, f32x4.add(f32x4.mul(v0, keepMovie), f32x4.mul(u0, both)))
    v128.store(u + at, f32x4.add(f32x4.mul(u1, keepUser), f32x4.mul(v1, both)), 16)
    v128.store(v + at, f32x4.add(f32x4.mul(v1, keepMovie), f32x4.mul(u1, both)), 16)
  }
  // The constants beside the biases stay as they are.
  const u0 = v128.load(u + last)
  const v0 = v128.load(v + last)
  const newUser = f32x4.add(f32x4.mul(u0, keepUser), f32x4.mul(v0, both))
  const newMovie = f32x4.add(f32x4.mul(v0, keepMovie), f32x4.mul(u0, both))
  v128.store(u + last, v128.bitselect(u0, newUser, i32x4(0, 0, 0, -1)))
  v128.store(v + last, v128.bitselect(v0, newMovie, i32x4(0, 0, -1, 0)))
}

/**
 * Four moves, one after the other, a vector at a time: u ← keep·u + step·v, v ← keep·v + step·u with
 * the old ones on the right. Rows may be the same: each is read after it was last written.
 */
function moveFour(
  u0: usize,
  v0: usize,
  u1: usize,
  v1: usize,
  u2: usize,
  v2: usize,
  u3: usize,
  v3: usize,
  last: usize,
  keepUsers: v128,
  keepMovies: v128,
  steps: v128,
): void {
  if (u0 === u1 && u1 === u2 && u2 === u3) {
    moveOneUser(u0, v0, v1, v2, v3, last, keepUsers, keepMovies, steps)
    return
  }
  move(
    u0,
    v0,
    last,
    f32x4.extract_lane(keepUsers, 0),
    f32x4.extract_lane(keepMovies, 0),
    f32x4.extract_lane(steps, 0),
  )
  move(
    u1,
    v1,
    last,
    f32x4.extract_lane(keepUsers, 1),
    f32x4.extract_lane(keepMovies, 1),
    f32x4.extract_lane(steps, 1),
  )
  move(
    u2,
    v2,
    last,
    f32x4.extract_lane(keepUsers, 2),
    f32x4.extract_lane(keepMovies, 2),
    f32x4.extract_lane(steps, 2),
  )
  move(
    u3,
    v3,
    last,
    f32x4.extract_lane(keepUsers, 3),
    f32x4.extract_lane(keepMovies, 3),
    f32x4.extract_lane(steps, 3),
  )
}

/** The same for one user, whose row is then read and written once. */
function moveOneUser(
  user: usize,
  v0: usize,
  v1: usize,
  v2: usize,
  v3: usize,
  last: usize,
  keepUsers: v128,
  keepMovies: v128,
  steps: v128,
): void {
  const keepUser = v128.shuffle<f32>(keepUsers, keepUsers, 0, 0, 0, 0)
  const keep0 = v128.shuffle<f32>(keepMovies, keepMovies, 0, 0, 0, 0)
  const keep1 = v128.shuffle<f32>(keepMovies, keepMovies, 1, 1, 1, 1)
  const keep2 = v128.shuffle<f32>(keepMovies, keepMovies, 2, 2, 2, 2)
  const keep3 = v128.shuffle<f32>(keepMovies, keepMovies, 3, 3, 3, 3)
  const step0 = v128.shuffle<f32>(steps, steps, 0, 0, 0, 0)
  const step1 = v128.shuffle<f32>(steps, steps, 1, 1, 1, 1)
  const step2 = v128.shuffle<f32>(steps, steps, 2, 2, 2, 2)
  const step3 = v128.shuffle<f32>(steps, steps, 3, 3, 3, 3)
  const users = i32x4(0, 0, 0, -1)
  const movies = i32x4(0, 0, -1, 0)
  let u: v128
  let v: v128
  for (const end = user + last; user < end; ) {
    u = v128.load(user)
    v = v128.load(v0)
    v128.store(v0, f32x4.add(f32x4.mul(v, keep0), f32x4.mul(u, step0)))
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step0))
    v = v128.load(v1)
    v128.store(v1, f32x4.add(f32x4.mul(v, keep1), f32x4.mul(u, step1)))
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step1))
    v = v128.load(v2)
    v128.store(v2, f32x4.add(f32x4.mul(v, keep2), f32x4.mul(u, step2)))
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step2))
    v = v128.load(v3)
    v128.store(v3, f32x4.add(f32x4.mul(v, keep3), f32x4.mul(u, step3)))
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step3))
    v128.store(user, u)
    u = v128.load(user, 16)
    v = v128.load(v0, 16)
    v128.store(v0, f32x4.add(f32x4.mul(v, keep0), f32x4.mul(u, step0)), 16)
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step0))
    v = v128.load(v1, 16)
    v128.store(v1, f32x4.add(f32x4.mul(v, keep1), f32x4.mul(u, step1)), 16)
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step1))
    v = v128.load(v2, 16)
    v128.store(v2, f32x4.add(f32x4.mul(v, keep2), f32x4.mul(u, step2)), 16)
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step2))
    v = v128.load(v3, 16)
    v128.store(v3, f32x4.add(f32x4.mul(v, keep3), f32x4.mul(u, step3)), 16)
    u = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step3))
    v128.store(user, u, 16)
    user += 32
    v0 += 32
    v1 += 32
    v2 += 32
    v3 += 32
  }
  u = v128.load(user)
  v = v128.load(v0)
  v128.store(v0, v128.bitselect(v, f32x4.add(f32x4.mul(v, keep0), f32x4.mul(u, step0)), movies))
  u = v128.bitselect(u, f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step0)), users)
  v = v128.load(v1)
  v128.store(v1, v128.bitselect(v, f32x4.add(f32x4.mul(v, keep1), f32x4.mul(u, step1)), movies))
  u = v128.bitselect(u, f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step1)), users)
  v = v128.load(v2)
  v128.store(v2, v128.bitselect(v, f32x4.add(f32x4.mul(v, keep2), f32x4.mul(u, step2)), movies))
  u = v128.bitselect(u, f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step2)), users)
  v = v128.load(v3)
  v128.store(v3, v128.bitselect(v, f32x4.add(f32x4.mul(v, keep3), f32x4.mul(u, step3)), movies))
  u = v128.bitselect(u, f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step3)), users)
  v128.store(user, u)
}

/** Columns, rows and constants of steps by rating. */
@unmanaged
export class RatingSteps {
  /** u32, u32 and f32; three ratings behind the last are read. */
  userIndex: usize
  movieIndex: usize
  rating: usize
  /** Rows as in `products`. */
  userRows: usize
  movieRows: usize
  rowBytes: u32
  /** s, f32 for each row. */
  userScale: usize
  movieScale: usize
  /** λ */
  weightDecay: f32
  lowest: f32
  /** 0: no sigmoid. */
  span: f32
}

/**
 * One step of stochastic gradient descent for each rating `from` … `to` on its squared error e²,
 * e = r̂ − r, with the rate α, the weight decay λ and s_u, s_m its scales for the two rows:
 *
 *   z = u·v + b_u + b_m      r̂ = z, or lo + span·σ(z) where span > 0      g = 2e·dr̂/dz
 *   u ← (1 − αλs_u)·u − αg·v      v ← (1 − αλs_m)·v − αg·u      with the old u and v on the right
 *
 * Four at a time: the g of four ratings are taken before the first of them moves its rows, which
 * overlaps what would otherwise wait for each other; the moves then follow one by one. Gives Σ e².
 */
export function stepPerRating(task: RatingSteps, from: u32, to: u32, rate: f32): f64 {
  const userIndex = task.userIndex
  const movieIndex = task.movieIndex
  const rating = task.rating
  const userRows = task.userRows
  const movieRows = task.movieRows
  const rowBytes: usize = task.rowBytes
  const userScale = task.userScale
  const movieScale = task.movieScale
  const lowest = task.lowest
  const span = task.span
  const last: usize = rowBytes - 16
  const decay = rate * task.weightDecay
  const end: usize = (<usize>to) << 2
  let squared: f64 = 0
  for (let i: usize = (<usize>from) << 2; i < end; i += 16) {
    const a = <usize>load<u32>(userIndex + i)
    const b = <usize>load<u32>(userIndex + i, 4)
    const c = <usize>load<u32>(userIndex + i, 8)
    const d = <usize>load<u32>(userIndex + i, 12)
    const w = <usize>load<u32>(movieIndex + i)
    const x = <usize>load<u32>(movieIndex + i, 4)
    const y = <usize>load<u32>(movieIndex + i, 8)
    const q = <usize>load<u32>(movieIndex + i, 12)
    const ua = userRows + a * rowBytes
    const ub = userRows + b * rowBytes
    const uc = userRows + c * rowBytes
    const ud = userRows + d * rowBytes
    const vw = movieRows + w * rowBytes
    const vx = movieRows + x * rowBytes
    const vy = movieRows + y * rowBytes
    const vq = movieRows + q * rowBytes

    const z = products(ua, vw, ub, vx, uc, vy, ud, vq, last)
    let error: v128
    let slope: v128
    if (span > 0) {
      const sigma = sigmoids(z)
      const scaled = f32x4.mul(f32x4.splat(span), sigma)
      error = f32x4.sub(f32x4.add(f32x4.splat(lowest), scaled), v128.load(rating + i))
      slope = f32x4.mul(error, f32x4.sub(scaled, f32x4.mul(scaled, sigma)))
    } else {
      error = f32x4.sub(z, v128.load(rating + i))
      slope = error
    }
    const step = f32x4.mul(f32x4.splat(-2 * rate), slope)
    const squares = f32x4.mul(error, error)

    const keepUsers = keep(decay, userScale, a, b, c, d)
    const keepMovies = keep(decay, movieScale, w, x, y, q)
    if (i + 16 <= end) {
      moveFour(ua, vw, ub, vx, uc, vy, ud, vq, last, keepUsers, keepMovies, step)
      squared +=
        <f64>f32x4.extract_lane(squares, 0) +
        <f64>f32x4.extract_lane(squares, 1) +
        <f64>f32x4.extract_lane(squares, 2) +
        <f64>f32x4.extract_lane(squares, 3)
      continue
    }
    move(
      ua,
      vw,
      last,
      f32x4.extract_lane(keepUsers, 0),
      f32x4.extract_lane(keepMovies, 0),
      f32x4.extract_lane(step, 0),
    )
    squared += <f64>f32x4.extract_lane(squares, 0)
    if (i + 4 === end) break
    move(
      ub,
      vx,
      last,
      f32x4.extract_lane(keepUsers, 1),
      f32x4.extract_lane(keepMovies, 1),
      f32x4.extract_lane(step, 1),
    )
    squared += <f64>f32x4.extract_lane(squares, 1)
    if (i + 8 === end) break
    move(
      uc,
      vy,
      last,
      f32x4.extract_lane(keepUsers, 2),
      f32x4.extract_lane(keepMovies, 2),
      f32x4.extract_lane(step, 2),
    )
    squared += <f64>f32x4.extract_lane(squares, 2)
  }
  return squared
}

/** 1 − decay·scale of four rows */
function keep(decay: f32, scale: usize, a: usize, b: usize, c: usize, d: usize): v128 {
  let scales = v128.load32_zero(scale + (a << 2))
  scales = v128.load_lane<f32>(scale + (b << 2), scales, 1)
  scales = v128.load_lane<f32>(scale + (c << 2), scales, 2)
  scales = v128.load_lane<f32>(scale + (d << 2), scales, 3)
  return f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.splat(decay), scales))
}
