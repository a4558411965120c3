/**
 * Normal numbers from a stream that is counted, not stepped: number i of stream s is a function of
 * s and i alone, so that it does not matter which thread asks for it, or when.
 */

// In halves, since whole they are more than a number of TypeScript can be.
const golden: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15
const first: u64 = ((<u64>0xbf58476d) << 32) | 0x1ce4e5b9
const second: u64 = ((<u64>0x94d049bb) << 32) | 0x133111eb

/** The stream of a row under a key (splitmix64's mixing, Steele, Lea and Flood 2014). */
export function streamOf(key: u64, row: u32): u64 {
  return mix(key ^ mix(<u64>row + golden))
}

/** y_i ← y_i + z_i for i = 0 … count − 1, with the standard normal numbers z of a stream. */
export function addNormals(stream: u64, y: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = y + ((<usize>i) << 2)
    store<f32>(at, load<f32>(at) + <f32>normal(mix(stream + <u64>(i + 1) * golden)))
  }
}

function mix(z: u64): u64 {
  z = (z ^ (z >> 30)) * first
  z = (z ^ (z >> 27)) * second
  return z ^ (z >> 31)
}

/**
 * Φ⁻¹(p) for p = (⌊bits/2¹¹⌋ + ½)/2⁵³, to seven digits (Wichura, "The percentage points of the
 * normal distribution", Applied Statistics 1988): a rational function of q = p − ½ near the middle,
 * and of √(−ln p) in the tails.
 */
function normal(bits: u64): f64 {
  const p = (<f64>(bits >> 11) + 0.5) * (1.0 / 9007199254740992.0)
  const q = p - 0.5
  if (abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    const top = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
    return (q * top) / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  let z: f64
  if (tail <= 5) {
    const r = tail - 1.6
    const top = ((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777
    z = top / ((0.12021132975 * r + 0.7370016425) * r + 1)
  } else {
    const r = tail - 5
    const top = ((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115
    z = top / ((0.012258202635 * r + 0.24197894225) * r + 1)
  }
  return q < 0 ? -z : z
}
