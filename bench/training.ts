import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generateRatings } from '../src/cli/generate/generated-ratings.ts'
import { type ResolvedSteppedSpec, trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { compileKernels } from '../src/numeric/kernels/kernels.ts'
import { createRandom } from '../src/numeric/random/random.ts'
import { readRatingsFile } from '../src/storage/ratings/read-ratings-file.ts'
import { archiveLimits } from '../src/storage/zip/archive-limits.ts'
import { zipEntries } from '../src/storage/zip/zip-entries.ts'
import { type Blocks, cutIntoBlocks } from '../src/training/engines/simd/blocks.ts'
import { createPerRatingTrainer } from '../src/training/engines/simd/per-rating-trainer.ts'
import { resolveRatingRange } from '../src/training/fit/rating-range.ts'
import { plainUnit } from '../src/training/fit/rating-unit.ts'
import { runEpochs } from '../src/training/fit/run-epochs.ts'
import { createPulse } from '../src/training/pulse.ts'
import { prepareTrainingData } from '../src/training/splitting/training-data.ts'
import { type Fused, openPlain, openSimd, prepareFused } from './training/fused-step.ts'
import {
  libmfFigures,
  notebookSpecs,
  ownFigures,
  type PeerFigures,
  splitOf,
  torchFigures,
  torchMissing,
  writeColumns,
} from './training/peers.ts'
import { measureThroughApi } from './training/through-the-api.ts'
import { largeSpec, type SizeFigures, sizeSpecs } from './training/training-size.ts'

// npm run bench:training [-- --sizes 100000,1000000 --ratings 10000000 --write docs/SPEED.md]
// With --peers also the notebooks' loops in PyTorch, where a python3 (--python) has torch, and LIBMF, where
// --libmf is the folder of its binaries; --peers-only nothing else.

const root = new URL('../', import.meta.url)
const marquee = new URL('bin/marquee', root).pathname
const archive = new URL('sample/ml-latest-small-2016.zip', root)
const repeats = 5
const floorRatings = 5_000_000
const peerTurns = 3

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100000,1000000,5000000,25000000' },
    ratings: { type: 'string', default: '10000000' },
    write: { type: 'string' },
    peers: { type: 'boolean', default: false },
    'peers-only': { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
    libmf: { type: 'string' },
  },
})
const lines: string[] = []
function print(line = ''): void {
  lines.push(line)
  process.stdout.write(`${line}\n`)
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!

function row(...cells: (string | number)[]): void {
  print(`| ${cells.join(' | ')} |`)
}

function head(...cells: string[]): void {
  row(...cells)
  row(...cells.map(() => '---'))
}

/** GB/s of a copy of 256 MiB, bytes read and written both counted. */
function copyBandwidth(): number {
  const from = new Uint8Array(1 << 28).fill(1)
  const to = new Uint8Array(1 << 28)
  to.set(from)
  return median(
    Array.from({ length: repeats }, () => {
      const begin = performance.now()
      to.set(from)
      return (2 * from.length) / (performance.now() - begin) / 1e6
    }),
  )
}

/**
 * A line of the table for one number of factors: the variants take turns, so that noise meets all.
 */
async function measureFused(fused: Fused, k: number, bandwidth: number): Promise<void> {
  const simd = await openSimd(fused, k)
  const plain = [openPlain(fused, k, 1), openPlain(fused, k, 2)]
  const runs = {
    one: () => simd.epoch(1),
    two: () => simd.epoch(2),
    plainOne: () => plain[0]!.epoch(),
    plainTwo: () => plain[1]!.epoch(),
  }
  const speeds = { one: [], two: [], plainOne: [], plainTwo: [] } as Record<
    keyof typeof runs,
    number[]
  >
  const work = { one: [], two: [], plainOne: [], plainTwo: [] } as typeof speeds
  for (let turn = 0; turn <= repeats; turn++)
    for (const name of Object.keys(runs) as (keyof typeof runs)[]) {
      const before = process.cpuUsage()
      const seconds = await runs[name]()
      // The first turn warms up.
      if (turn === 0) continue
      speeds[name].push(fused.rating.length / seconds / 1e6)
      work[name].push(process.cpuUsage(before).user)
    }
  simd.close()
  for (const each of plain) each.close()
  const ratio = (a: keyof typeof runs, b: keyof typeof runs) =>
    median(speeds[a].map((speed, i) => speed / speeds[b][i]!)).toFixed(2)
  // Each rating is 12 bytes, and reads and writes two rows.
  const moved = (median(speeds.one) * (12 + 4 * 4 * (k + 2))) / 1_000
  row(
    k,
    ...Object.values(speeds).map((each) => median(each).toFixed(1)),
    ratio('one', 'plainOne'),
    median(work.plainOne.map((each, i) => each / work.one[i]!)).toFixed(2),
    ratio('two', 'one'),
    median(work.one.map((each, i) => (2 * each) / work.two[i]!)).toFixed(2),
    `${moved.toFixed(1)} (${Math.round((100 * moved) / bandwidth)} %)`,
  )
}

/** Held-out MSE with the blocks' ratings sorted by user, and in random order, over five seeds. */
async function measureOrder(sample: string): Promise<void> {
  const { ratings } = await readRatingsFile(sample)
  const module = await compileKernels()
  const shuffled: typeof cutIntoBlocks = (rows, seed) => {
    const blocks: Blocks = cutIntoBlocks(rows, seed)
    const random = createRandom(seed, 'shuffled')
    for (let block = 0; block + 1 < blocks.start.length; block++)
      for (let i = blocks.start[block + 1]! - 1; i > blocks.start[block]!; i--) {
        const j = blocks.start[block]! + random.below(i - blocks.start[block]! + 1)
        const swapped = blocks.order[i]!
        blocks.order[i] = blocks.order[j]!
        blocks.order[j] = swapped
      }
    return blocks
  }
  const mseOf = async (seed: number, cut: typeof cutIntoBlocks) => {
    const spec = trainingSpecSchema.parse({
      ...largeSpec,
      learningRate: 0.03,
      weightDecay: 2,
      decayScale: 'frequency',
      epochs: 15,
      seed,
    }) as ResolvedSteppedSpec & { algorithm: 'dot-bias' }
    const { train, heldOut, scale } = prepareTrainingData(ratings, undefined, spec)
    const ratingRange = resolveRatingRange(spec, scale, plainUnit)
    const trainer = createPerRatingTrainer({ spec, rows: train, ratingRange }, module, 1, cut)
    const pulse = createPulse()
    const task = { spec, trainer, trainRows: train.rating.length, unit: plainUnit, pulse }
    const { weights } = await runEpochs({
      ...task,
      validate: async () => null,
      innerError: async () => 0,
    })
    trainer.dispose()
    const { userFactors, movieFactors, userBias, movieBias } = weights
    const k = userFactors.columns
    let squared = 0
    let rows = 0
    for (let i = 0; i < heldOut!.rating.length; i++) {
      const [user, movie] = [heldOut!.userIndex[i]!, heldOut!.movieIndex[i]!]
      if (user < 0 || movie < 0) continue
      let z = userBias![user]! + movieBias![movie]!
      for (let f = 0; f < k; f++)
        z += userFactors.data[user * k + f]! * movieFactors.data[movie * k + f]!
      const [lowest, highest] = ratingRange!
      squared += (lowest + (highest - lowest) / (1 + Math.exp(-z)) - heldOut!.rating[i]!) ** 2
      rows++
    }
    return squared / rows
  }
  head('seed', 'sorted by user', 'random order')
  const all: [number, number][] = []
  for (const seed of [1, 2, 3, 4, 5]) {
    const pair: [number, number] = [await mseOf(seed, cutIntoBlocks), await mseOf(seed, shuffled)]
    all.push(pair)
    row(seed, ...pair.map((mse) => mse.toFixed(4)))
  }
  const mean = (of: 0 | 1) => all.reduce((sum, pair) => sum + pair[of], 0) / all.length
  row('mean', mean(0).toFixed(4), mean(1).toFixed(4))
}

/** The command from its start to its end, five times. */
function measureColdStart(sample: string): void {
  const args = [
    'evaluate',
    '--algorithm',
    'dot-bias',
    '--ratings',
    sample,
    '--valid',
    '0.2',
    '--seed',
    '42',
    '--json',
  ]
  const runs = Array.from({ length: repeats }, () => {
    const begin = performance.now()
    const out = execFileSync(marquee, [...args, '--engine', 'simd'], { encoding: 'utf8' })
    const seconds = (performance.now() - begin) / 1_000
    const [result] = (JSON.parse(out) as { results: { mse: number; trainSeconds: number }[] })
      .results
    return { seconds, ...result! }
  })
  head('held-out MSE', 'seconds of training', 'seconds of the whole process')
  row(
    runs[0]!.mse.toFixed(4),
    median(runs.map((run) => run.trainSeconds)).toFixed(2),
    median(runs.map((run) => run.seconds)).toFixed(2),
  )
}

function measureSizes(sizes: readonly number[], folder: string): void {
  head(
    'training',
    'ratings',
    'users × movies',
    'import s',
    'load s',
    'train s (epochs alone)',
    'publish s',
    'peak MiB',
    'held-out RMSE',
    'planted noise',
    'above it',
  )
  for (const ratings of sizes) {
    const users = Math.round(ratings / 154.3)
    // As in MovieLens 25M, but enough that a user may rate twice the average.
    const movies = Math.max(1_235, Math.round(ratings / 423.7))
    const csv = join(folder, 'ratings.csv')
    const told = execFileSync(
      marquee,
      [
        'generate',
        '--out',
        csv,
        '--ratings',
        `${ratings}`,
        '--users',
        `${users}`,
        '--movies',
        `${movies}`,
      ],
      { encoding: 'utf8' },
    )
    const noise = Number(/truth: ([\d.]+)\.\n/.exec(told)![1])
    const child = new URL('training/measure-size.ts', import.meta.url).pathname
    const trained = ratings === sizes.at(-1) ? sizeSpecs : { 'no ranking': sizeSpecs['no ranking'] }
    for (const what of Object.keys(trained)) {
      const out = execFileSync(process.execPath, ['--import', 'tsx', child, csv, folder, what], {
        encoding: 'utf8',
        maxBuffer: 1 << 20,
      })
      const f = JSON.parse(out) as SizeFigures
      row(
        what,
        ratings.toLocaleString('en'),
        `${users.toLocaleString('en')} × ${movies.toLocaleString('en')}`,
        f.importSeconds.toFixed(1),
        f.loadSeconds.toFixed(1),
        `${f.trainJobSeconds.toFixed(1)} (${f.epochSeconds.toFixed(1)})`,
        f.publishSeconds.toFixed(1),
        Math.round(f.peakMib).toLocaleString('en'),
        f.heldOutRmse.toFixed(4),
        noise.toFixed(4),
        `${(100 * (f.heldOutRmse / noise - 1)).toFixed(1)} %`,
      )
    }
  }
}

async function measureApi(ratings: number, csv: string): Promise<void> {
  head(
    'ratings',
    'import s',
    'job s',
    'until it serves s',
    'peak MiB of serve',
    'peak MiB of work',
    'prediction ms',
    'top-10 ms',
  )
  const f = await measureThroughApi(csv, folder)
  row(
    ratings.toLocaleString('en'),
    f.importSeconds.toFixed(1),
    f.jobSeconds.toFixed(1),
    f.swapSeconds.toFixed(1),
    ...[f.servePeakMib, f.workPeakMib].map((mib) => Math.round(mib).toLocaleString('en')),
    f.predictionMs.toFixed(1),
    f.recommendationsMs.toFixed(1),
  )
}

/** A line for each, and the medians of the turns' ratios of the first to the others. */
async function inTurns(
  what: string,
  runs: Readonly<Record<string, () => Promise<PeerFigures>>>,
): Promise<void> {
  const turns: PeerFigures[][] = []
  for (let turn = 0; turn < peerTurns; turn++) {
    const figures: PeerFigures[] = []
    for (const measure of Object.values(runs)) figures.push(await measure())
    turns.push(figures)
  }
  for (const [i, name] of Object.keys(runs).entries()) {
    const medianOf = (of: (figures: PeerFigures[]) => number) => median(turns.map(of))
    const ratio = (of: 'seconds' | 'cpu') =>
      i === 0 ? '' : medianOf((figures) => figures[0]![of] / figures[i]![of]).toFixed(3)
    row(
      ...[what, name, medianOf((figures) => figures[i]!.seconds).toFixed(2)],
      ...[medianOf((figures) => figures[i]!.cpu).toFixed(2), turns[0]![i]!.mse.toFixed(4)],
      ...[ratio('seconds'), ratio('cpu')],
    )
  }
}

/** Marquee's trainings beside those of other software, on the same ratings in the same run. */
async function measurePeers(sample: string): Promise<void> {
  print('## Beside others')
  print()
  const missing = await torchMissing(values.python)
  const { libmf } = values
  print(
    `Medians of ${peerTurns} turns. The loops of the notebooks' \`dot-bias\` (five epochs of one cycle) and \`net\` (six epochs) on ml-latest-small-2016, batches of 64, 50 factors: seconds and CPU of the epochs${missing ? ` (PyTorch is not there: ${missing})` : ''}.${libmf ? ` LIBMF on ${Number(values.ratings).toLocaleString('en')} generated ratings, 40 factors, ten epochs, less the reading of its text.` : ''}`,
  )
  print()
  head('training', 'by', 'seconds', 'CPU seconds', 'held-out MSE', 'Marquee ÷ it', 'by CPU time')
  const { ratings } = await readRatingsFile(sample)
  const split = splitOf(ratings)
  await writeColumns(folder, split)
  for (const [kind, name] of [
    ['dot-bias', '`dot-bias`'],
    ['net', '`net`'],
    ['net-l2', '`net`, decay as L2'],
  ] as const)
    await inTurns(name, {
      Marquee: () => ownFigures(split, notebookSpecs[kind]),
      ...(!missing && {
        'PyTorch, CPU': () => torchFigures(values.python, folder, kind, split),
      }),
    })
  if (!libmf) return
  const size = Number(values.ratings)
  const users = Math.round(size / 154)
  const many = splitOf(
    generateRatings({ ratings: size, users, movies: Math.round(size / 424), seed: 1 }).ratings,
  )
  const [factors, epochs] = [40, 10]
  await inTurns('per rating', {
    Marquee: () => ownFigures(many, { ...largeSpec, factors, epochs }),
    LIBMF: () =>
      libmfFigures(libmf, folder, many, { factors, epochs, threads: availableParallelism() }),
  })
}

/** The sample's ratings.csv, on its own in a folder. */
async function unpackSample(into: string): Promise<string> {
  const file = await open(archive)
  try {
    const entries = await zipEntries(file, (await file.stat()).size, archiveLimits)
    const path = join(into, 'sample.csv')
    await writeFile(path, entries.find(({ name }) => name.endsWith('ratings.csv'))!.read())
    return path
  } finally {
    await file.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'marquee-bench-'))

/** What `training/planted-floor.ts` says of so many ratings, in one line. */
function floorOf(ratings: number): string {
  const script = new URL('training/planted-floor.ts', import.meta.url).pathname
  const args = ['--import', 'tsx', script, '--ratings', `${ratings}`]
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().replaceAll('\n', ' ')
}

async function measureAll(sample: string): Promise<void> {
  print('# Speed of training')
  print()
  print(
    `What \`npm run bench:training\` printed on ${availableParallelism()} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}. Medians of ${repeats}; the variants of a line take turns, and a ratio is the median of the turns' ratios.`,
  )
  const bandwidth = copyBandwidth()
  print()
  print(`Memory bandwidth of a copy: ${bandwidth.toFixed(1)} GB/s (one thread).`)
  print()
  print('## The fused step of `dot-bias`')
  print()
  print(
    `Millions of ratings a second on ${Number(values.ratings).toLocaleString('en')} generated ratings (138,000 × 27,000) with a sigmoid, by the clock; "plain" is TypeScript on typed arrays, the same ratings in the same order. "Moved" is GB/s that one thread asks for, were no row in a cache, and its share of the copy's bandwidth: above 100 % the caches serve. Ratios by CPU time, which other work on the machine moves less, are the second of each.`,
  )
  print()
  const fused = prepareFused(Number(values.ratings), 138_000, 27_000)
  head(
    'factors',
    'SIMD, 1 thread',
    'SIMD, 2 threads',
    'plain, 1 thread',
    'plain, 2 threads',
    'SIMD ÷ plain',
    'by CPU time',
    '2 threads ÷ 1',
    'by CPU time',
    'moved',
  )
  for (const k of [16, 48, 128]) await measureFused(fused, k, bandwidth)
  print()
  print('## The order inside the blocks')
  print()
  print(
    'Held-out MSE on ml-latest-small-2016 (random 20 %) by the order of the ratings in a block.',
  )
  print()
  await measureOrder(sample)
  print()
  print('## From a cold start')
  print()
  print(
    "`marquee evaluate --algorithm dot-bias --engine simd` on ml-latest-small-2016; the notebooks' best MSE is 0.765.",
  )
  print()
  measureColdStart(sample)
  print()
  print('## Size')
  print()
  print(
    `Generated ratings (\`marquee generate\`), 20 % held out, in one process: import of the CSV, reading it back, the whole training with baselines, errors, lists and the refit on all rows, publication. Trained are, with their defaults, \`dot-bias\`, without a ranking and with one, and \`bayes\`.`,
  )
  print()
  const sizes = values.sizes.split(',').map(Number)
  measureSizes(sizes, folder)
  print()
  print(
    `The planted noise cannot be reached: each user and each movie has five numbers to be learnt, from as many ratings at any size. About the least that a linear model can have is what is left where the users are fitted with the truth of the movies told, and the movies with that of the users, each by their posterior mean with the planted spreads (\`npm run bench:floor -- --ratings ${floorRatings}\`): ${floorOf(floorRatings)}`,
  )
  print()
  print('## Through the API')
  print()
  print(
    `The last of these sizes through \`serve\`, \`work\` and Redis: \`POST /v1/ratings/import\`, a training job of the same settings, and answers from its model (medians of 50 requests, one after the other).`,
  )
  print()
  await measureApi(sizes.at(-1)!, join(folder, 'ratings.csv'))
  print()
}

try {
  const sample = await unpackSample(folder)
  if (!values['peers-only']) await measureAll(sample)
  if (values.peers || values['peers-only']) await measurePeers(sample)
  if (values.write) writeFileSync(values.write, `${lines.join('\n')}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
