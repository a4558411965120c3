/** The data sets, by the names of their folders. */
export const dataSets = ['ml-latest-small-2016', 'ml-latest-small-2018', 'ml-100k'] as const
export type DataSet = (typeof dataSets)[number]

/** Hyper-parameters as `--set` takes them. */
export type Settings = Readonly<Record<string, string>>
export type Recipe = { readonly algorithm: string; readonly settings: Settings }

/** The start and whatever else a recipe leaves open are the notebooks'. */
export const notebooks: Settings = { preset: 'fastai' }

/** A figure that a notebook printed: a held-out MSE. */
export type Row = {
  readonly data: DataSet
  /** What the notebook trained. */
  readonly what: string
  readonly printed: number
  /**
   * After which epoch it was printed, or the lowest of all epochs. null: another library's figure.
   */
  readonly after: number | 'best' | null
  /** null where no algorithm here is the same. */
  readonly recipe: Recipe | null
}

/**
 * fast.ai 0.7: Adam as PyTorch has it, rates falling by a cosine and restarting, weight decay as
 * L2.
 */
const restarts: Recipe = {
  algorithm: 'dot-bias',
  settings: {
    ...notebooks,
    factors: '50',
    ratingRange: '[0.5,5]',
    schedule: 'cosine',
    epochs: '3',
    learningRate: '0.01',
    weightDecay: '2e-4',
    decay: 'l2',
    beta2: '0.999',
    epsilon: '1e-8',
  },
}
const twoPhases = '[{"epochs":3,"learningRate":0.1},{"epochs":3,"learningRate":0.01}]'
const dotByHand: Recipe = {
  algorithm: 'dot',
  settings: {
    ...notebooks,
    factors: '50',
    optimizer: 'sgd',
    schedule: 'phases',
    phases: twoPhases,
    weightDecay: '1e-5',
    decay: 'l2',
  },
}
const dotBiasByHand: Recipe = {
  algorithm: 'dot-bias',
  settings: {
    ...notebooks,
    factors: '50',
    ratingRange: '[0.5,5]',
    optimizer: 'sgd',
    schedule: 'phases',
    phases: twoPhases,
    weightDecay: '2e-4',
    decay: 'l2',
  },
}
const netByHand: Recipe = {
  algorithm: 'net',
  settings: {
    ...notebooks,
    userFactors: '50',
    movieFactors: '50',
    hiddenLayers: '[10]',
    epochs: '6',
    learningRate: '0.001',
    weightDecay: '1e-5',
    decay: 'l2',
    beta2: '0.999',
    epsilon: '1e-8',
  },
}

/**
 * The book's chapter 8: fast.ai 2, one cycle to 5e-3 in five epochs, decay 0.01 where none is asked
 * for.
 */
const oneCycle: Settings = {
  ...notebooks,
  optimizer: 'adam',
  schedule: 'one-cycle',
  epochs: '5',
  learningRate: '0.005',
  decay: 'decoupled',
}
const bookDot: Recipe = {
  algorithm: 'dot',
  settings: { ...oneCycle, factors: '50', initialFactors: 'normal', weightDecay: '0.01' },
}
const bookDotInRange: Recipe = {
  algorithm: 'dot',
  settings: { ...bookDot.settings, ratingRange: '[0,5.5]' },
}
const bookDotBias = (weightDecay: string): Recipe => ({
  algorithm: 'dot-bias',
  settings: { ...oneCycle, factors: '50', ratingRange: '[0,5.5]', weightDecay },
})
const bookNet = (hiddenLayers: string, weightDecay: string): Recipe => ({
  algorithm: 'net',
  settings: {
    ...oneCycle,
    ratingRange: '[0,5.5]',
    userFactors: '74',
    movieFactors: '101',
    hiddenLayers,
    embeddingDropout: '0',
    hiddenDropout: '0',
    weightDecay,
  },
})

/** Every table that the notebooks printed. */
export const rows: readonly Row[] = [
  ...table('ml-latest-small-2016', 'fast.ai learner, cosine restarts', restarts, {
    1: 0.8107,
    2: 0.7808,
    3: 0.765,
  }),
  ...table('ml-latest-small-2016', 'dot from scratch', dotByHand, { 3: 1.2192, 6: 1.1292 }),
  ...table('ml-latest-small-2016', 'dot-bias from scratch', dotBiasByHand, {
    3: 0.8109,
    6: 0.8004,
  }),
  ...table('ml-latest-small-2016', 'net from scratch', netByHand, { 3: 0.7914, 6: 0.7941 }),
  ...table('ml-latest-small-2016', 'dot-bias, another notebook', dotBiasByHand, { 3: 0.8099 }),
  ...table('ml-latest-small-2016', 'net, another notebook', netByHand, { 3: 0.8071 }),
  ...table('ml-latest-small-2018', 'fast.ai learner, cosine restarts', restarts, {
    1: 0.7725,
    2: 0.7508,
    3: 0.735,
  }),
  ...table('ml-latest-small-2018', 'one-cycle learner, suggested rate', bookDotBias('0.01'), {
    5: 0.7841,
  }),
  ...table('ml-100k', 'dot', bookDot, { 5: 0.868 }),
  ...table('ml-100k', 'dot, sigmoid range', bookDotInRange, { best: 0.8651 }),
  ...table('ml-100k', 'dot-bias, no decay set', bookDotBias('0.01'), { best: 0.8562 }),
  ...table('ml-100k', 'dot-bias, weight decay 0.1', bookDotBias('0.1'), { 5: 0.8217 }),
  ...table('ml-100k', "the book's net by hand", bookNet('[100]', '0.01'), { 5: 0.8675 }),
  ...table('ml-100k', "the book's net learner", bookNet('[100,50]', '0.1'), { 5: 0.8649 }),
  { data: 'ml-100k', what: 'LibRec', printed: 0.83, after: null, recipe: null },
]

function table(data: DataSet, what: string, recipe: Recipe, printed: Record<string, number>) {
  return Object.entries(printed).map(([after, mse]): Row => {
    const epoch = after === 'best' ? after : Number(after)
    return { data, what, printed: mse, after: epoch, recipe }
  })
}

/** What the best setting of a data set is chosen among: fewer factors, more decay. */
export const candidates: readonly Recipe[] = [
  { factors: '50', weightDecay: '0.1' },
  { factors: '50', weightDecay: '0.15' },
  { factors: '40', weightDecay: '0.1' },
  { factors: '40', weightDecay: '0.15' },
  { factors: '20', weightDecay: '0.1' },
  { factors: '20', weightDecay: '0.15' },
  { factors: '10', weightDecay: '0.1' },
].map((settings) => ({ algorithm: 'dot-bias', settings: { ...notebooks, ...settings } }))
