import { sigmoids } from './exponential'
import { products } from './prediction'

/** Columns, rows and constants of steps by rating. */
@unmanaged
export class RatingSteps {
  /** u32, u32, f32 and f32, what is added to u·v; three ratings behind the last are read. */
  userIndex: usize
  movieIndex: usize
  rating: usize
  offset: usize
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
 *   z = u·v + b_u + b_m + offset      r̂ = z, or lo + span·σ(z) where span > 0      g = 2e·dr̂/dz
 *   u ← (1 − αλs_u)·u − αg·v      v ← (1 − αλs_m)·v − αg·u      with the old u and v on the right
 *
 * Four at a time: the g of four ratings are taken before the first of them moves its rows, which
 * overlaps what would otherwise wait for each other; the moves then follow one by one. Gives Σ e².
 */
export function stepPerRating(task: RatingSteps, from: u32, to: u32, rate: f32): f64 {
  const rowBytes: usize = task.rowBytes
  const last: usize = rowBytes - 16
  const decay = rate * task.weightDecay
  const end: usize = (<usize>to) << 2
  let squared: f64 = 0
  for (let i: usize = (<usize>from) << 2; i < end; i += 16) {
    const users = task.userIndex + i
    const movies = task.movieIndex + i
    const u0 = rowAt(task.userRows, users, rowBytes)
    const u1 = rowAt(task.userRows, users + 4, rowBytes)
    const u2 = rowAt(task.userRows, users + 8, rowBytes)
    const u3 = rowAt(task.userRows, users + 12, rowBytes)
    const v0 = rowAt(task.movieRows, movies, rowBytes)
    const v1 = rowAt(task.movieRows, movies + 4, rowBytes)
    const v2 = rowAt(task.movieRows, movies + 8, rowBytes)
    const v3 = rowAt(task.movieRows, movies + 12, rowBytes)

    const z = f32x4.add(products(u0, v0, u1, v1, u2, v2, u3, v3, last), v128.load(task.offset + i))
    let error: v128
    let slope: v128
    if (task.span > 0) {
      const sigma = sigmoids(z)
      const scaled = f32x4.mul(f32x4.splat(task.span), sigma)
      error = f32x4.add(f32x4.splat(task.lowest), scaled)
      error = f32x4.sub(error, v128.load(task.rating + i))
      slope = f32x4.mul(error, f32x4.sub(scaled, f32x4.mul(scaled, sigma)))
    } else {
      error = f32x4.sub(z, v128.load(task.rating + i))
      slope = error
    }
    let steps = f32x4.mul(f32x4.splat(-2 * rate), slope)
    let squares = f32x4.mul(error, error)
    let keepUsers = keeps(decay, task.userScale, users)
    let keepMovies = keeps(decay, task.movieScale, movies)

    const isWhole = i + 16 <= end
    let sum: f64 = isWhole ? 0 : squared
    if (isWhole && u0 === u1 && u1 === u2 && u2 === u3) {
      moveOneUser(u0, v0, v1, v2, v3, last, keepUsers, keepMovies, steps)
      sum += <f64>f32x4.extract_lane(squares, 0)
      sum += <f64>f32x4.extract_lane(squares, 1)
      sum += <f64>f32x4.extract_lane(squares, 2)
      sum += <f64>f32x4.extract_lane(squares, 3)
    } else
      for (let lane: usize = 0, lanes = min<usize>(end - i, 16); lane < lanes; lane += 4) {
        const user = rowAt(task.userRows, users + lane, rowBytes)
        const movie = rowAt(task.movieRows, movies + lane, rowBytes)
        move(user, movie, last, splatFirst(keepUsers), splatFirst(keepMovies), splatFirst(steps))
        sum += <f64>f32x4.extract_lane(squares, 0)
        keepUsers = rotate(keepUsers)
        keepMovies = rotate(keepMovies)
        steps = rotate(steps)
        squares = rotate(squares)
      }
    squared = isWhole ? squared + sum : sum
  }
  return squared
}

/** The address of the row whose index is read at `at`. */
function rowAt(rows: usize, at: usize, rowBytes: usize): usize {
  return rows + <usize>load<u32>(at) * rowBytes
}

/** 1 − decay·scale of the four rows whose indices are read at `at`. */
function keeps(decay: f32, scale: usize, at: usize): v128 {
  let scales = v128.load32_zero(scale + ((<usize>load<u32>(at)) << 2))
  scales = v128.load_lane<f32>(scale + ((<usize>load<u32>(at, 4)) << 2), scales, 1)
  scales = v128.load_lane<f32>(scale + ((<usize>load<u32>(at, 8)) << 2), scales, 2)
  scales = v128.load_lane<f32>(scale + ((<usize>load<u32>(at, 12)) << 2), scales, 3)
  return f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.splat(decay), scales))
}

function splatFirst(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 0, 0, 0, 0)
}

function rotate(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 1, 2, 3, 0)
}

/** u ← keepUser·u + step·v, v ← keepMovie·v + step·u over two rows, the old ones on the right. */
function move(
  user: usize,
  movie: usize,
  last: usize,
  keepUser: v128,
  keepMovie: v128,
  step: v128,
): void {
  for (const end = user + last; user < end; user += 32, movie += 32) {
    const u0 = v128.load(user)
    const u1 = v128.load(user, 16)
    v128.store(user, moveMovie(u0, movie, keepUser, keepMovie, step))
    v128.store(user, moveMovie(u1, movie + 16, keepUser, keepMovie, step), 16)
  }
  v128.store(user, moveLast(v128.load(user), movie, keepUser, keepMovie, step))
}

/**
 * Four moves of one user, one after the other a vector at a time: its row is read and written once.
 */
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
  const keepUser = splatFirst(keepUsers)
  const keep0 = splatFirst(keepMovies)
  const keep1 = v128.shuffle<f32>(keepMovies, keepMovies, 1, 1, 1, 1)
  const keep2 = v128.shuffle<f32>(keepMovies, keepMovies, 2, 2, 2, 2)
  const keep3 = v128.shuffle<f32>(keepMovies, keepMovies, 3, 3, 3, 3)
  const step0 = splatFirst(steps)
  const step1 = v128.shuffle<f32>(steps, steps, 1, 1, 1, 1)
  const step2 = v128.shuffle<f32>(steps, steps, 2, 2, 2, 2)
  const step3 = v128.shuffle<f32>(steps, steps, 3, 3, 3, 3)
  let u: v128
  for (const end = user + last; user < end; user += 16, v0 += 16, v1 += 16, v2 += 16, v3 += 16) {
    u = moveMovie(v128.load(user), v0, keepUser, keep0, step0)
    u = moveMovie(u, v1, keepUser, keep1, step1)
    u = moveMovie(u, v2, keepUser, keep2, step2)
    v128.store(user, moveMovie(u, v3, keepUser, keep3, step3))
  }
  u = moveLast(v128.load(user), v0, keepUser, keep0, step0)
  u = moveLast(u, v1, keepUser, keep1, step1)
  u = moveLast(u, v2, keepUser, keep2, step2)
  v128.store(user, moveLast(u, v3, keepUser, keep3, step3))
}

/** Moves the vector of a movie, and gives that of the user, moved. */
function moveMovie(u: v128, movie: usize, keepUser: v128, keepMovie: v128, step: v128): v128 {
  const v = v128.load(movie)
  v128.store(movie, f32x4.add(f32x4.mul(v, keepMovie), f32x4.mul(u, step)))
  return f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step))
}

/** Moves the last vectors of both likewise, but for the constants beside the biases. */
function moveLast(u: v128, movie: usize, keepUser: v128, keepMovie: v128, step: v128): v128 {
  const v = v128.load(movie)
  const newUser = f32x4.add(f32x4.mul(u, keepUser), f32x4.mul(v, step))
  const newMovie = f32x4.add(f32x4.mul(v, keepMovie), f32x4.mul(u, step))
  v128.store(movie, v128.bitselect(v, newMovie, i32x4(0, 0, -1, 0)))
  return v128.bitselect(u, newUser, i32x4(0, 0, 0, -1))
}
