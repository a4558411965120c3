import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { type TrainingSpec, trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createProgressMeter } from '../../src/training/progress/meter.ts'
import {
  type EvaluationRows,
  knownTo,
  prepareTrainingData,
} from '../../src/training/splitting/training-data.ts'
import { trainModel } from '../../src/training/train.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('peers.py', import.meta.url))

/** Seconds by the clock and of CPU that the epochs took, and the held-out MSE. */
export type PeerFigures = { readonly seconds: number; readonly cpu: number; readonly mse: number }

/** A split whose test rows have users and movies of the training alone. */
export type PeerSplit = { readonly train: Ratings; readonly test: EvaluationRows }

const net = {
  ...{ algorithm: 'net', preset: 'fastai', userFactors: 50, movieFactors: 50, epochs: 6 },
  ...{ hiddenLayers: [10], ratingRange: [0, 5.5], optimizer: 'adam', schedule: 'constant' },
  ...{ learningRate: 0.001, weightDecay: 1e-5, beta2: 0.999, epsilon: 1e-8 },
  decay: 'decoupled',
} as const

/** The notebooks' settings that `peers.py` has, too. */
export const notebookSpecs = {
  'dot-bias': {
    ...{ algorithm: 'dot-bias', preset: 'fastai', factors: 50, ratingRange: [0, 5.5], epochs: 5 },
    ...{ optimizer: 'adam', schedule: 'one-cycle', learningRate: 0.005, weightDecay: 0.1 },
  },
  net,
  'net-l2': { ...net, decay: 'l2' },
} as const

/** The default split of ratings, without the held-out rows of users and movies that it lacks. */
export function splitOf(ratings: Ratings): PeerSplit {
  const { train, heldOut } = prepareTrainingData(ratings, undefined, specOf({}))
  const { userIndex, movieIndex, rating } = knownTo(train, heldOut!)
  const known = [...rating.keys()].filter((i) => userIndex[i]! >= 0 && movieIndex[i]! >= 0)
  return {
    train,
    test: {
      userIndex: Int32Array.from(known, (i) => userIndex[i]!),
      movieIndex: Int32Array.from(known, (i) => movieIndex[i]!),
      rating: Float32Array.from(known, (i) => rating[i]!),
    },
  }
}

function specOf(settings: object): TrainingSpec {
  return trainingSpecSchema.parse({
    ...{ algorithm: 'dot-bias', engine: 'simd', ranking: null, refit: false },
    ...settings,
  })
}

/** Marquee's own training of a split. */
export async function ownFigures(
  { train, test }: PeerSplit,
  settings: object,
): Promise<PeerFigures> {
  const { users, movies } = train
  const heldOut = {
    ...{ users, movies, rating: test.rating },
    userIndex: Uint32Array.from(test.userIndex),
    movieIndex: Uint32Array.from(test.movieIndex),
    timestamp: new Uint32Array(test.rating.length),
  }
  const spec = specOf({ ...settings, split: { valid: 0 } })
  let [cpu, before, isEpochs] = [0, process.cpuUsage(), false]
  const meter = createProgressMeter({
    onChange(isStep) {
      if (!isStep) return
      const { user, system } = process.cpuUsage(before)
      if (isEpochs) cpu += (user + system) / 1e6
      before = process.cpuUsage()
      isEpochs = meter.report().step === 'epochs'
    },
  })
  const task = { ratings: train, spec, backend: 'wasm' } as const
  // Epochs would be measured on held-out rows: that is another training.
  const { fit } = await trainModel({ ...task, hooks: { meter } })
  const { measurement } = await trainModel({ ...task, test: heldOut })
  return { seconds: fit.run.trainSeconds, cpu, mse: measurement!.errors.mse }
}

/** Writes a split as columns for `peers.py`. */
export async function writeColumns(folder: string, { train, test }: PeerSplit): Promise<void> {
  for (const [part, rows] of [
    ['train', train],
    ['test', test],
  ] as const) {
    await writeFile(join(folder, `${part}-users`), rows.userIndex)
    await writeFile(join(folder, `${part}-movies`), rows.movieIndex)
    await writeFile(join(folder, `${part}-ratings`), rows.rating)
  }
}

/** Why PyTorch cannot be compared with; null where a python3 has torch. */
export async function torchMissing(python: string): Promise<string | null> {
  return run(python, ['-c', 'import torch']).then(
    () => null,
    (error: Error) => error.message.trim().split('\n').at(-1)!,
  )
}

/** The loop in PyTorch of a split that `writeColumns` has written. */
export async function torchFigures(
  python: string,
  folder: string,
  kind: keyof typeof notebookSpecs,
  { train }: PeerSplit,
): Promise<PeerFigures> {
  const sizes = [train.users.size, train.movies.size].map(String)
  const { stdout } = await run(python, [script, folder, kind, ...sizes, '42'])
  return JSON.parse(stdout) as PeerFigures
}

/**
 * LIBMF (Chin et al., "LIBMF: a library for parallel matrix factorization in shared-memory systems",
 * 2016), by its `mf-train` and `mf-predict`. Its epochs are what all take longer than one, so that the
 * text it reads does not count.
 */
export async function libmfFigures(
  binaries: string,
  folder: string,
  { train, test }: PeerSplit,
  { factors, epochs, threads }: { factors: number; epochs: number; threads: number },
): Promise<PeerFigures> {
  const path = (name: string) => join(folder, `libmf-${name}`)
  const text = ({ userIndex, movieIndex, rating }: EvaluationRows | Ratings) =>
    Array.from(rating, (value, i) => `${userIndex[i]} ${movieIndex[i]} ${value}\n`).join('')
  await writeFile(path('train'), text(train))
  await writeFile(path('test'), text(test))
  const timed = async (sweeps: number) => {
    const settings = ['-k', `${factors}`, '-t', `${sweeps}`, '-s', `${threads}`, '-l2', '0.05']
    const args = [join(binaries, 'mf-train'), ...settings, '--quiet', path('train'), path('model')]
    const begin = performance.now()
    // The shell's second line is the times of what it ran.
    const { stdout } = await run('sh', ['-c', '"$@" >/dev/null; times', 'sh', ...args])
    const seconds = (performance.now() - begin) / 1_000
    const cpu = [
      ...stdout
        .trim()
        .split('\n')
        .at(-1)!
        .matchAll(/(\d+)m([\d.]+)s/g),
    ].reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0)
    return { seconds, cpu }
  }
  const [one, all] = [await timed(1), await timed(epochs)]
  const ofAll = epochs / (epochs - 1)
  const told = await run(join(binaries, 'mf-predict'), [path('test'), path('model'), path('out')])
  return {
    seconds: ofAll * (all.seconds - one.seconds),
    cpu: ofAll * (all.cpu - one.cpu),
    mse: Number(/RMSE = ([\d.]+)/.exec(told.stdout)![1]) ** 2,
  }
}
