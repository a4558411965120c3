/** x·y of a multiple of eight numbers. */
export function dot(x: usize, y: usize, bytes: usize): f32 {
  let a = f32x4.splat(0)
  let b = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(x + at), v128.load(y + at)))
    b = f32x4.add(b, f32x4.mul(v128.load(x + at, 16), v128.load(y + at, 16)))
  }
  a = f32x4.add(a, b)
  return (
    f32x4.extract_lane(a, 0) +
    f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  )
}

/** y_0·x … y_3·x of four rows that follow one another, each as `dot` has it; their sums overlap. */
export function dots(y: usize, x: usize, bytes: usize): v128 {
  const y1 = y + bytes
  const y2 = y1 + bytes
  const y3 = y2 + bytes
  let a0 = f32x4.splat(0)
  let a1 = a0
  let a2 = a0
  let a3 = a0
  let b0 = a0
  let b1 = a0
  let b2 = a0
  let b3 = a0
  for (let at: usize = 0; at < bytes; at += 32) {
    const even = v128.load(x + at)
    a0 = f32x4.add(a0, f32x4.mul(v128.load(y + at), even))
    a1 = f32x4.add(a1, f32x4.mul(v128.load(y1 + at), even))
    a2 = f32x4.add(a2, f32x4.mul(v128.load(y2 + at), even))
    a3 = f32x4.add(a3, f32x4.mul(v128.load(y3 + at), even))
    const odd = v128.load(x + at, 16)
    b0 = f32x4.add(b0, f32x4.mul(v128.load(y + at, 16), odd))
    b1 = f32x4.add(b1, f32x4.mul(v128.load(y1 + at, 16), odd))
    b2 = f32x4.add(b2, f32x4.mul(v128.load(y2 + at, 16), odd))
    b3 = f32x4.add(b3, f32x4.mul(v128.load(y3 + at, 16), odd))
  }
  a0 = f32x4.add(a0, b0)
  a1 = f32x4.add(a1, b1)
  a2 = f32x4.add(a2, b2)
  a3 = f32x4.add(a3, b3)
  // Transposed, so that the four numbers of each row are summed up in one lane.
  const low01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5)
  const low23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(a0, a1, 2, 6, 3, 7)
  const high23 = v128.shuffle<f32>(a2, a3, 2, 6, 3, 7)
  return f32x4.add(
    f32x4.add(
      v128.shuffle<f32>(low01, low23, 0, 1, 4, 5),
      v128.shuffle<f32>(low01, low23, 2, 3, 6, 7),
    ),
    f32x4.add(
      v128.shuffle<f32>(high01, high23, 0, 1, 4, 5),
      v128.shuffle<f32>(high01, high23, 2, 3, 6, 7),
    ),
  )
}
