import { f32, struct, u32 } from '../../../numeric/kernels/struct.ts'

/** Ratings of one side that a workgroup sums up; each takes `lanes` threads for its dot product. */
export const entriesPerGroup = 16
const lanes = 4
export const groupSize = entriesPerGroup * lanes
export const moveGroupSize = 256
/** The uniforms of a step, as `Step` in the kernels. */
export const gpuStep = struct({
  ...u32('first', 'count', 'number', 'groups'),
  ...f32('keep', 'momentum', 'rate', 'beta2', 'scale', 'epsilon', 'l2', 'perRating'),
  ...f32('lowest', 'span'),
})
/** Bytes that are bound of a step, and how far apart two of them lie. */
export const stepBytes = 64
export const stepStride = 256

/**
 * Rows: users, then movies, `width` vec4 each: k factors, zeros, and in the last two places the
 * user's bias and a constant 1 (a movie's the other way round), so that u·v adds both.
 *
 * `Step` says which part of the epoch's lists a step takes: `lists` names the ratings of every
 * batch twice, in the order of their users and, from `ratings` on, in that of their movies.
 */
const shared = `
struct Step {
${Object.entries(gpuStep.fields)
  .map(([name, type]) => `  ${name}: ${type},`)
  .join('\n')}
}
struct Mark { number: u32, first: u32, end: u32 }
override users: u32;
override rows: u32;
override width: u32;
override ratings: u32;
override hasBias: bool;
override isAdam: bool;
const entries = ${entriesPerGroup}u;
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> sums: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> marks: array<Mark>;
`

/**
 * Of each rating, which comes with its offset, with e the error and B the ratings of the batch (dot, sigmoid, slope):
 *
 *   z = u·v + offset     r̂ = z, or lo + span·σ(z)     g = 2e/B, or 2e/B · span·σ(z)·(1 − σ(z))
 *
 * and of each row the sum of g·(the other side's row) over its ratings of the batch. A workgroup
 * takes 16 neighbours of a list, in which a row's ratings are neighbours: it writes a sum where
 * each run of one row begins, so that no two threads write one number and the order of summing is
 * always the same. The first and last rating of a row leave in \`marks\` where its sums are found.
 * The groups of the first side also add up e².
 */
export const sumGradients = `${shared}
@group(0) @binding(4) var<storage, read> userIndex: array<u32>;
@group(0) @binding(5) var<storage, read> movieIndex: array<u32>;
@group(0) @binding(6) var<storage, read> rating: array<vec2f>;
@group(0) @binding(7) var<storage, read> lists: array<u32>;
@group(0) @binding(8) var<storage, read_write> squared: array<f32>;

const none = 0xffffffffu;
var<workgroup> own: array<u32, entries>;
var<workgroup> other: array<u32, entries>;
var<workgroup> part: array<f32, ${groupSize}>;
var<workgroup> slope: array<f32, entries>;
var<workgroup> given: array<vec2f, entries>;
var<workgroup> error2: array<f32, entries>;

fn rowOf(side: u32, at: u32) -> u32 {
  let id = lists[side * ratings + step.first + at];
  if (side == 0u) { return userIndex[id]; }
  return users + movieIndex[id];
}

@compute @workgroup_size(${groupSize})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let group = workgroup.y * workgroups.x + workgroup.x;
  if (group >= 2u * step.groups) { return; }
  let side = group / step.groups;
  let begin = (group - side * step.groups) * entries;
  let entry = thread / ${lanes}u;
  let lane = thread % ${lanes}u;
  let at = begin + entry;
  let isThere = at < step.count;

  if (lane == 0u) {
    own[entry] = none;
    other[entry] = 0u;
    if (isThere) {
      own[entry] = rowOf(side, at);
      let id = lists[side * ratings + step.first + at];
      other[entry] = select(userIndex[id], users + movieIndex[id], side == 0u);
      given[entry] = rating[id];
    }
  }
  workgroupBarrier();

  var dots = 0.0;
  if (isThere) {
    let u = own[entry] * width;
    let v = other[entry] * width;
    for (var q = lane; q < width; q += ${lanes}u) { dots += dot(p[u + q], p[v + q]); }
  }
  part[thread] = dots;
  workgroupBarrier();

  if (lane == 0u) {
    let z = (part[thread] + part[thread + 1u]) + (part[thread + 2u] + part[thread + 3u]) + given[entry].y;
    var error = 0.0;
    var steepness = 1.0;
    if (isThere) {
      if (step.span > 0.0) {
        let sigma = 1.0 / (1.0 + exp(-z));
        error = step.lowest + step.span * sigma - given[entry].x;
        steepness = step.span * sigma * (1.0 - sigma);
      } else {
        error = z - given[entry].x;
      }
      let base = side * step.groups * entries;
      let row = own[entry];
      if (at == 0u || previous(side, at, entry) != row) {
        marks[row].number = step.number;
        marks[row].first = base + at;
      }
      if (at + 1u == step.count || next(side, at, entry) != row) { marks[row].end = base + at + 1u; }
    }
    slope[entry] = step.perRating * error * steepness;
    error2[entry] = error * error;
  }
  workgroupBarrier();

  if (thread == 0u && side == 0u) {
    var sum = 0.0;
    for (var i = 0u; i < entries; i++) { sum += error2[i]; }
    squared[group] += sum;
  }
  let base = (side * step.groups * entries + begin) * width;
  for (var q = thread; q < width; q += ${groupSize}u) {
    var sum = vec4f();
    var start = 0u;
    for (var i = 0u; i < entries; i++) {
      if (own[i] == none) { break; }
      if (i > 0u && own[i] != own[i - 1u]) {
        sums[base + start * width + q] = sum;
        sum = vec4f();
        start = i;
      }
      sum += slope[i] * p[other[i] * width + q];
    }
    sums[base + start * width + q] = sum;
  }
}

fn previous(side: u32, at: u32, entry: u32) -> u32 {
  if (entry > 0u) { return own[entry - 1u]; }
  return rowOf(side, at - 1u);
}

fn next(side: u32, at: u32, entry: u32) -> u32 {
  if (entry + 1u < entries) { return own[entry + 1u]; }
  return rowOf(side, at + 1u);
}
`

/**
 * Moves every row, a thread for four of its numbers, by the sum g of its sums (none: 0), as
 * \`coefficients.ts\` names the factors: p ← keep·p, g ← g + l2·p, and
 *
 *   Adam:  m ← β1·m + (1 − β1)·g     v ← β2·v + (1 − β2)·g²     p ← p − rate·m/(√(scale·v) + ε)
 *   SGD:   m ← μ·m + g               p ← p − rate·m
 *
 * The constant 1 of a row stays.
 */
export const moveRows = `${shared}
@group(0) @binding(4) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> v: array<vec4f>;

@compute @workgroup_size(${moveGroupSize})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let i = id.y * workgroups.x * ${moveGroupSize}u + id.x;
  if (i >= rows * width) { return; }
  let row = i / width;
  let q = i - row * width;

  var g = vec4f();
  let mark = marks[row];
  if (mark.number == step.number) {
    g = sums[mark.first * width + q];
    for (var at = (mark.first / entries + 1u) * entries; at < mark.end; at += entries) {
      g += sums[at * width + q];
    }
  }
  let old = p[i];
  let kept = old * step.keep;
  g += step.l2 * kept;
  var moved = kept;
  if (isAdam) {
    let mean = step.momentum * m[i] + (1.0 - step.momentum) * g;
    let square = step.beta2 * v[i] + (1.0 - step.beta2) * g * g;
    m[i] = mean;
    v[i] = square;
    moved -= step.rate * mean / (sqrt(step.scale * square) + step.epsilon);
  } else {
    let mean = step.momentum * m[i] + g;
    m[i] = mean;
    moved -= step.rate * mean;
  }
  if (hasBias && q + 1u == width) {
    if (row < users) { moved.w = old.w; } else { moved.z = old.z; }
  }
  p[i] = moved;
}
`
