import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { generateRatings } from '../src/cli/generate/generated-ratings.ts'
import type { Ratings } from '../src/model/data/ratings.ts'
import { type ResolvedSteppedSpec, trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { enginesFor, startEngine } from '../src/training/engines/engine.ts'
import { createSimdEngine } from '../src/training/engines/simd/simd-engine.ts'
import type { Engine } from '../src/training/trainer.ts'
import { measureAgreement } from './gpu/agreement.ts'
import { adapterOrSoftware, nvidiaDriver } from './gpu/device.ts'
import { timeEpoch } from './gpu/time-epoch.ts'
import { torchEpochs, torchMissing } from './gpu/torch.ts'

// npm run bench:gpu [-- --small | --ratings 25000000 --batches 4096,65536 --limit 5]

const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    ratings: { type: 'string' },
    batches: { type: 'string' },
    // Seconds of an epoch after which it is cut off.
    limit: { type: 'string' },
    write: { type: 'string' },
  },
})
// What is learnt is measured whole, not shrunk towards the biases of users and movies.
const plain = { preset: 'fastai', refit: false, ranking: null }
const plan = values.small
  ? {
      agreement: { ratings: 1_500, users: 60, movies: 160 },
      changes: { ...plain, epochs: 3, batchSize: 32 },
      data: [{ ratings: 4_000, users: 100, movies: 320, batches: [64, 512] }],
      limitSeconds: 4,
    }
  : {
      agreement: { ratings: 100_000, users: 943, movies: 1_682 },
      changes: { ...plain, batchSize: 512, epochs: 3 },
      data: [
        { ratings: 100_000, users: 943, movies: 1_682, batches: [64, 512, 4_096] },
        {
          ...{ ratings: 25_000_000, users: 162_541, movies: 59_047 },
          batches: [64, 1_024, 4_096, 65_536],
        },
      ],
      limitSeconds: 4,
    }
const limitSeconds = values.limit === undefined ? plan.limitSeconds : Number(values.limit)
const allowedGap = 0.01
const numbers = (text: string) => text.split(',').map(Number)
const sizes = plan.data.filter(
  ({ ratings }) => values.ratings === undefined || numbers(values.ratings).includes(ratings),
)

const lines: string[] = []
function print(line = ''): void {
  lines.push(line)
  process.stdout.write(`${line}\n`)
}
function row(...cells: (string | number)[]): void {
  print(`| ${cells.join(' | ')} |`)
}
function head(...cells: string[]): void {
  row(...cells)
  row(...cells.map(() => '---'))
}

const specOf = (changes: object) =>
  trainingSpecSchema.parse({
    algorithm: 'dot-bias',
    schedule: 'constant',
    // As in PyTorch's loop; what is "auto" is settled by a whole training alone.
    weightDecay: 0.1,
    epochs: 2,
    ...changes,
  }) as ResolvedSteppedSpec

async function printAgreement(): Promise<boolean> {
  const { ratings } = generateRatings({ ...plan.agreement, seed: 1 })
  head('algorithm', 'engine on webgpu', 'held-out MSE', 'on the CPU (tensorflow on wasm)', 'gap')
  let isClose = true
  for await (const found of measureAgreement(ratings, plan.changes)) {
    const { algorithm, engine, mse, cpuMse } = found
    const gap = Math.abs(mse / cpuMse - 1)
    isClose &&= gap < allowedGap
    row(algorithm, engine, mse.toFixed(6), cpuMse.toFixed(6), `${(100 * gap).toFixed(4)} %`)
  }
  print()
  print(isClose ? 'All are within 1 %.' : '**Not all are within 1 %.**')
  return isClose
}

type Line = { name: string; seconds: number; share: number; mse: number | null }

const time = async (
  name: string,
  engine: Engine,
  ratings: Ratings,
  changes: object,
): Promise<Line> => ({
  name,
  ...(await timeEpoch(engine, specOf(changes), ratings, limitSeconds)),
})

async function linesOf(ratings: Ratings, batchSize: number, torch: Line | null): Promise<Line[]> {
  const onWebgpu = async (engine: string) =>
    (await startEngine(enginesFor(specOf({ engine }), 'webgpu'))).engine
  const simd = await createSimdEngine(1)
  return [
    await time('simd', simd, ratings, { batchSize }),
    await time('webgpu', await onWebgpu('webgpu'), ratings, { batchSize }),
    await time('tensorflow on webgpu', await onWebgpu('tensorflow'), ratings, { batchSize }),
    ...(torch ? [torch] : []),
  ]
}

async function printSpeed(ratings: Ratings, batches: number[], hasTorch: boolean): Promise<void> {
  const { factors } = specOf({}) as { factors: number }
  const ofTorch = hasTorch ? await torchEpochs(ratings, { factors, batches, limitSeconds }) : []
  head('batch', 'engine', 'seconds an epoch', 'M ratings/s', '× simd', '× PyTorch', 'train MSE')
  const print = (batch: number | string, line: Line, simd: Line | null, torch: Line | null) =>
    row(
      ...[batch, line.name, `${line.share < 1 ? '≈ ' : ''}${line.seconds.toPrecision(3)}`],
      (ratings.rating.length / line.seconds / 1e6).toPrecision(3),
      simd ? (simd.seconds / line.seconds).toPrecision(3) : '',
      torch ? (torch.seconds / line.seconds).toPrecision(3) : '',
      line.mse === null ? '' : line.mse.toFixed(4),
    )
  const perRating = { optimizer: 'per-rating' }
  const two = await createSimdEngine(2)
  print('–', await time('simd, `per-rating`, two threads', two, ratings, perRating), null, null)
  for (const batch of batches) {
    const found = ofTorch.find((line) => line.batch === batch)
    const torch = found ? { name: found.device, ...found } : null
    const all = await linesOf(ratings, batch, torch)
    for (const line of all) print(batch, line, all[0]!, torch)
  }
}

const { device, isSoftware } = await adapterOrSoftware(import.meta.url)
if (isSoftware && !values.small) {
  process.stderr.write(
    `The only adapter is software (${device}): its times would say nothing. Use --small.\n`,
  )
  process.exit(1)
}
const missingTorch = await torchMissing()
const [cpu] = cpus()
print('# Training on a GPU')
print()
print(
  `What \`npm run bench:gpu${values.small ? ' -- --small' : ''}\` printed. Adapter: ${device}. ` +
    `nvidia-smi: ${nvidiaDriver() ?? 'not here'}. CPU: ${availableParallelism()} × ${cpu?.model.trim()}, Node ${process.version}. ` +
    `PyTorch: ${missingTorch === null ? 'compared with' : `not compared with (${missingTorch})`}.`,
)
print()
if (isSoftware)
  print(
    '**No GPU could be had for this run.** The adapter is software that poses as one: it shows that the code is right and says nothing about its speed. On a machine with a GPU and its Vulkan driver, `npm run bench:gpu` fills this document in: nothing else is needed; with `python3` and `torch` it compares with PyTorch, too.',
  )
else print('The GPU, the CPU and PyTorch were measured in this one run.')
print()
print('## The same results')
print()
const isClose = await printAgreement()
for (const size of sizes) {
  const { ratings } = generateRatings({ ...size, seed: 1 })
  const batches = values.batches === undefined ? size.batches : numbers(values.batches)
  const count = (number: number) => number.toLocaleString('en')
  print()
  print(
    `## \`dot-bias\` on ${count(ratings.rating.length)} generated ratings (${count(size.users)} × ${count(size.movies)})`,
  )
  print()
  print(
    `The second epoch of Adam with decoupled decay, 40 factors. \`simd\` trains batches on one thread. "≈": cut off after ${limitSeconds} seconds and made up from the share done.`,
  )
  print()
  await printSpeed(ratings, batches, missingTorch === null)
}
if (values.write) await writeFile(values.write, `${lines.join('\n')}\n`)
process.exit(isClose ? 0 : 1)
