/**
 * The dot products of four pairs of rows. A row is an odd number of vectors wide, and its last two
 * numbers are the bias's: (b_u, 1) in a user's row and (1, b_m) in a movie's, so that the product
 * of whole rows is u·v + b_u + b_m. Without biases the four are 0.
 */
export function products(
  u0: usize,
  v0: usize,
  u1: usize,
  v1: usize,
  u2: usize,
  v2: usize,
  u3: usize,
  v3: usize,
  last: usize,
): v128 {
  if (u0 === u1 && u1 === u2 && u2 === u3) return productsOfOneUser(u0, v0, v1, v2, v3, last)
  let a = f32x4.mul(v128.load(u0 + last), v128.load(v0 + last))
  let b = f32x4.mul(v128.load(u1 + last), v128.load(v1 + last))
  let c = f32x4.mul(v128.load(u2 + last), v128.load(v2 + last))
  let d = f32x4.mul(v128.load(u3 + last), v128.load(v3 + last))
  for (const end = u0 + last; u0 < end; ) {
    a = f32x4.add(a, f32x4.mul(v128.load(u0), v128.load(v0)))
    b = f32x4.add(b, f32x4.mul(v128.load(u1), v128.load(v1)))
    c = f32x4.add(c, f32x4.mul(v128.load(u2), v128.load(v2)))
    d = f32x4.add(d, f32x4.mul(v128.load(u3), v128.load(v3)))
    a = f32x4.add(a, f32x4.mul(v128.load(u0, 16), v128.load(v0, 16)))
    b = f32x4.add(b, f32x4.mul(v128.load(u1, 16), v128.load(v1, 16)))
    c = f32x4.add(c, f32x4.mul(v128.load(u2, 16), v128.load(v2, 16)))
    d = f32x4.add(d, f32x4.mul(v128.load(u3, 16), v128.load(v3, 16)))
    u0 += 32
    v0 += 32
    u1 += 32
    v1 += 32
    u2 += 32
    v2 += 32
    u3 += 32
    v3 += 32
  }
  return sums(a, b, c, d)
}

/** The dot products of four movies' rows with one user's, which is then read once. */
function productsOfOneUser(
  user: usize,
  v0: usize,
  v1: usize,
  v2: usize,
  v3: usize,
  last: usize,
): v128 {
  let u = v128.load(user + last)
  let a = f32x4.mul(u, v128.load(v0 + last))
  let b = f32x4.mul(u, v128.load(v1 + last))
  let c = f32x4.mul(u, v128.load(v2 + last))
  let d = f32x4.mul(u, v128.load(v3 + last))
  for (const end = user + last; user < end; ) {
    u = v128.load(user)
    a = f32x4.add(a, f32x4.mul(u, v128.load(v0)))
    b = f32x4.add(b, f32x4.mul(u, v128.load(v1)))
    c = f32x4.add(c, f32x4.mul(u, v128.load(v2)))
    d = f32x4.add(d, f32x4.mul(u, v128.load(v3)))
    u = v128.load(user, 16)
    a = f32x4.add(a, f32x4.mul(u, v128.load(v0, 16)))
    b = f32x4.add(b, f32x4.mul(u, v128.load(v1, 16)))
    c = f32x4.add(c, f32x4.mul(u, v128.load(v2, 16)))
    d = f32x4.add(d, f32x4.mul(u, v128.load(v3, 16)))
    user += 32
    v0 += 32
    v1 += 32
    v2 += 32
    v3 += 32
  }
  return sums(a, b, c, d)
}

/** The sum of each of four vectors, by transposing: (a0+a2, b0+b2, a1+a3, b1+b3), so c and d. */
export function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7))
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7))
}
