import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { trainModel } from '../../src/training/train.ts'
import { cardOf, emptyReport } from '../../test/support/models.ts'
import { largeSpec } from '../training/training-size.ts'

/** A process of its own, so that its memory goes: FOLDER, ratings, users, movies. */
const [folder = '', ...sizes] = process.argv.slice(2)
const [ratingCount = 0, users = 0, movies = 0] = sizes.map(Number)
const { ratings } = generateRatings({ ratings: ratingCount, users, movies, seed: 1 })
// How good the vectors are matters little to the time that lists take.
const spec = trainingSpecSchema.parse({
  ...{ ...largeSpec, factors: 64, epochs: 3, split: { valid: 0 } },
  ranking: {
    ...{ factors: 64, epochs: 3, unobservedWeight: 0.1, regularization: 0.3, priorRatings: 4 },
  },
})
const { model, fit } = await trainModel({ ratings, spec, backend: 'wasm' })
await createModelRegistry(createFileStore(folder)).publish(
  { tensors: encodeModel(model), report: emptyReport },
  { ...cardOf('first'), spec: fit.run.spec },
)
