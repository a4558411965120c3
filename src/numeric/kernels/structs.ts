import { f32, f64, i32, struct, u32, u64 } from './struct.ts'

// What the fields mean stands at the classes of the same names in `assembly/`; a test compares
// names, types and offsets with theirs.

const ratingsOfRows = {
  ...u32('start', 'index', 'weight', 'weightOf', 'target', 'table', 'size'),
  ...i32('offsetAt'),
}

/** Ratings of rows, and the table of the other side: what `addNormalEquations` reads. */
export const leastSquares = struct(ratingsOfRows)

/** One side of alternating least squares, for `solveRows` and `refineRows`. */
export const alternatingSide = struct({ ...ratingsOfRows, ...u32('diagonal', 'solved', 'gram') })

/** One side's half of a sweep, for `drawRows` and `squaredErrors`. */
export const gibbsSide = struct({
  ...ratingsOfRows,
  ...u64('key'),
  ...u32('rows', 'rowWeight', 'precision', 'mean', 'means'),
  ...f32('noise'),
  ...u32('errors'),
})

/**
 * A group of features of a side's rows, for `addFeatureMeans`, `drawFeatureNoise`, `drawFeatures`.
 */
export const featureGroup = struct({
  ...u64('key'),
  ...u32('rows', 'means', 'rowCount', 'residuals', 'mean', 'rowStart', 'rowFeature', 'scale'),
  ...u32('featureStart', 'featureRow'),
  ...u32('features', 'weights', 'noise', 'size', 'places', 'root'),
  ...f32('strength'),
})

/** Pairs of rows whose predictions `addPredictions` sums up. */
export const predictions = struct(
  u32('users', 'movies', 'userIndex', 'movieIndex', 'sum', 'size', 'factors'),
)

/** Two tables and leftᵀ·right, for `crossTile`. */
export const crossProduct = struct(u32('left', 'leftBytes', 'right', 'rightBytes', 'rows', 'out'))

/** A table and a matrix that its rows are multiplied by, for `addProducts`. */
export const rowProduct = struct(u32('left', 'leftBytes', 'places', 'right', 'out', 'outBytes'))

/** A side of a subspace iteration, for `addSubspaceGram` and `turnSubspace`. */
export const subspace = struct(
  u32(
    ...(['basis', 'products', 'roots', 'columns', 'coefficients', 'outColumns'] as const),
    ...(['outBasis', 'outProducts', 'scale'] as const),
  ),
)

/** Columns, rows and constants of `stepPerRating`. */
export const ratingSteps = struct({
  ...u32('userIndex', 'movieIndex', 'rating', 'offset', 'userRows', 'movieRows', 'rowBytes'),
  ...u32('userScale', 'movieScale'),
  ...f32('weightDecay', 'lowest', 'span'),
})

const rowsOfBatches = {
  ...u32('states', 'rowBytes', 'rows', 'users', 'settled', 'slot', 'slotRow', 'sums', 'steps'),
  ...u32('products', 'leaves', 'isAdam'),
  ...f32('one', 'l2'),
  ...f64('beta2'),
  ...f32('epsilon'),
  ...f64('earlyScale'),
}

/** Rows that steps move, for `settleAll`. */
export const batchRows = struct(rowsOfBatches)

/** Columns, rows and constants of an epoch, for `stepPerBatch`. */
export const batchEpoch = struct({
  ...rowsOfBatches,
  ...u32('userIndex', 'movieIndex', 'rating', 'offset', 'order', 'ratings', 'batchSize'),
  ...f32('lowest', 'span'),
})

/** The users or movies of a net. */
export const netSide = struct({ ...rowsOfBatches, ...u32('index', 'inputAt', 'count') })

/** What a layer of a net reads, and its weights. */
export const netLevel = struct({
  ...u32('width', 'units', 'oneAt', 'gapAt', 'gap', 'dropBelow'),
  ...f32('keep'),
  ...u32('signals', 'deltas', 'weightsAt'),
})

/** Columns, parameters and constants of an epoch of a net, for `stepNet` and `stepNetBatches`. */
export const net = struct({
  ...u32('users', 'movies', 'layers', 'levels', 'depth', 'rating', 'offset', 'order', 'ratings'),
  ...u32('batchSize', 'groups', 'gradients', 'scratch', 'scratchBytes', 'random'),
  ...f32('lowest', 'span'),
})

/** Coefficients of one step of an epoch, and its sums for catching up with many steps. */
export const batchStep = struct({
  ...f64('keep', 'momentum', 'rate', 'scale', 'logKeep', 'logMomentum'),
  ...f64('moment0', 'moment1', 'moment2', 'moment3'),
})
