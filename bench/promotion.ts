import { trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { createRandom } from '../src/numeric/random/random.ts'
import { measureModel } from '../src/training/evaluation/measure-model.ts'
import { fitModel } from '../src/training/fit/fit-model.ts'
import { compareMeasured, type Measured } from '../src/training/promotion/compare-measured.ts'
import { judge } from '../src/training/promotion/judge.ts'
import { createPulse } from '../src/training/pulse.ts'
import { prepareTrainingData, type TrainingData } from '../src/training/splitting/training-data.ts'
import { cardLists } from '../src/training/train.ts'
import { ratingsOf } from '../test/training/planted-ratings.ts'

/**
 * How often a model is promoted under "if-better" that is no better: two trainings of the same
 * settings and rows that differ in their seeds alone, on new ratings each time. Prints the verdicts of
 * 200 repetitions, or as many as the first argument says; seeds 0 … 199.
 */
const repetitions = Number(process.argv[2] ?? 200)
const ranking = { factors: 8, epochs: 4, unobservedWeight: 0.1, regularization: 0.3 }
const settings = { algorithm: 'dot-bias', factors: 8, ranking: { ...ranking, priorRatings: 1 } }

/** Some 900 ratings, 1 to 5, of two planted factors, biases, and noise that is most of them. */
function noisyRatings(seed: number) {
  const random = createRandom(seed, 'noisy')
  const vectors = (count: number) =>
    Array.from({ length: count }, () => [random.normal(), random.normal(), random.normal()])
  const [users, movies] = [vectors(60), vectors(50)]
  const rows: [number, number, number][] = []
  for (const [user, [u0 = 0, u1 = 0, bias = 0]] of users.entries())
    for (const [movie, [m0 = 0, m1 = 0, quality = 0]] of movies.entries()) {
      const mean = 3.5 + 0.4 * (u0 * m0 + u1 * m1) + 0.5 * bias + 0.5 * quality
      const rating = Math.round(mean + 0.7 * random.normal())
      if (random.uniform() < 0.3) rows.push([user, movie, Math.min(5, Math.max(1, rating))])
    }
  return ratingsOf(rows)
}

async function measured({ train, heldOut }: TrainingData, seed: number): Promise<Measured> {
  const spec = trainingSpecSchema.parse({ ...settings, seed })
  const data = prepareTrainingData(train, heldOut!, spec)
  const fit = await fitModel({ data, spec, backend: 'wasm' }, createPulse())
  const lists = cardLists(seed, fit.model)
  const measurement = await measureModel(
    { ...fit, train, test: heldOut!, lists, seed },
    createPulse(),
  )
  return { users: fit.model.users, measurement }
}

const verdicts = new Map<string, number>()
for (let seed = 0; seed < repetitions; seed++) {
  const split = trainingSpecSchema.parse({ ...settings, seed })
  const data = prepareTrainingData(noisyRatings(seed), undefined, split)
  const pair = [await measured(data, 1_000 + seed), await measured(data, 5_000 + seed)] as const
  const comparison = { ...compareMeasured(data.heldOut!, ...pair, seed), seconds: 0, seed }
  const { verdict } = judge({
    ...{ mode: 'if-better', serving: 'v1', held: null, measurement: null },
    compared: { outcome: 'compared', comparison },
  })
  verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
}
const better = verdicts.get('better') ?? 0
process.stdout.write(
  `${better} of ${repetitions} equal models were promoted (${((100 * better) / repetitions).toFixed(1)} %): ${JSON.stringify(Object.fromEntries(verdicts))}\n`,
)
