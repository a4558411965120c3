/**
 * Constants are read from memory: to build one in a register takes V8 half a dozen instructions.
 */
const log2e: f32 = Mathf.LOG2E
const constants = memory.data<f32>(
  [
    -87,
    87,
    12582912,
    log2e,
    0.693359375,
    2.12194440055e-4,
    1,
    0.5,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
  ],
  16,
)
const exponentBias = memory.data<i32>([127], 16)

/**
 * eˣ of four numbers, with a relative error under 3e-7; x is held within ±87 and NaN stays NaN.
 * With n the integer nearest to x/ln 2 and r = x − n·ln 2, |r| ≤ 0.347:
 *
 *   eˣ = 2ⁿ·eʳ      eʳ ≈ 1 + r + r²/2 + … + r⁶/720      the rest of the series is under 1.3e-7
 */
export function exponential(x: v128): v128 {
  const from = v128.load32_splat(constants)
  const to = v128.load32_splat(constants, 4)
  const within = f32x4.pmin(f32x4.pmax(x, from), to)
  // Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
  const shift = v128.load32_splat(constants, 8)
  const shifted = f32x4.add(f32x4.mul(within, v128.load32_splat(constants, 12)), shift)
  const n = f32x4.sub(shifted, shift)
  // ln 2 in two parts, of which the first has so few bits that n times it is exact.
  const coarse = f32x4.sub(within, f32x4.mul(n, v128.load32_splat(constants, 16)))
  const r = f32x4.add(coarse, f32x4.mul(n, v128.load32_splat(constants, 20)))
  // Estrin's order: short chains that overlap.
  const r2 = f32x4.mul(r, r)
  const low = f32x4.add(v128.load32_splat(constants, 24), r)
  const middle = f32x4.add(
    v128.load32_splat(constants, 28),
    f32x4.mul(r, v128.load32_splat(constants, 32)),
  )
  const high = f32x4.add(
    f32x4.add(v128.load32_splat(constants, 36), f32x4.mul(r, v128.load32_splat(constants, 40))),
    f32x4.mul(r2, v128.load32_splat(constants, 44)),
  )
  const series = f32x4.add(low, f32x4.mul(r2, f32x4.add(middle, f32x4.mul(r2, high))))
  const power = i32x4.shl(i32x4.add(shifted, v128.load32_splat(exponentBias)), 23)
  return f32x4.mul(series, power)
}

/** 1/(1 + e⁻ᶻ) of four numbers */
export function sigmoids(z: v128): v128 {
  const one = v128.load32_splat(constants, 24)
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(z))))
}
