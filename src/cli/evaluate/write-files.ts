import { constants, createWriteStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MarqueeError } from '../../errors.ts'
import { decimalOf } from '../../model/data/rating-scale.ts'
import { encodeModel } from '../../model/file/model-file.ts'
import { createScorer } from '../../model/scorer.ts'
import { csvId } from '../../storage/exports/ratings-csv.ts'
import type { Evaluation, TestSplit } from '../../training/evaluation/evaluate.ts'
import { knownTo } from '../../training/splitting/training-data.ts'

/** Before a training that may last, whether a file of it will have a place. */
export async function checkFolder(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
}

/** Writes parts one after the other; an `invalid-request` error where that cannot be done. */
export async function writeParts(
  path: string,
  parts: Iterable<string | Uint8Array>,
): Promise<void> {
  await pipeline(Readable.from(parts), createWriteStream(path)).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
}

/** The first trained model of an evaluation, as its file. */
export function modelParts(evaluations: readonly Evaluation[]): Uint8Array[] {
  const { algorithm, trained } = evaluations.find((one) => one.trained)!
  return encodeModel(trained!.fit.model, { algorithm })
}

const linesInPart = 10_000

/**
 * Predictions of held-out ratings as CSV with the columns userId, movieId, rating, prediction and
 * algorithm: every held-out row of every split, once for each trained model.
 */
export function* predictionParts(
  splits: readonly TestSplit[],
  evaluated: readonly (readonly Evaluation[])[],
): Generator<string> {
  let part = 'userId,movieId,rating,prediction,algorithm\n'
  for (const [fold, { test }] of splits.entries())
    for (const { algorithm, trained } of evaluated[fold]!) {
      if (!trained) continue
      const { model } = trained.fit
      const { predict } = createScorer(model)
      const known = knownTo(model, test)
      for (let row = 0; row < test.rating.length; row++) {
        const user = csvId(test.users.idOf(test.userIndex[row]!))
        const movie = csvId(test.movies.idOf(test.movieIndex[row]!))
        const prediction = predict(known.userIndex[row]!, known.movieIndex[row]!)
        part += `${user},${movie},${decimalOf(test.rating[row]!)},${prediction.toFixed(6)},${algorithm}\n`
        if ((row + 1) % linesInPart !== 0) continue
        yield part
        part = ''
      }
    }
  yield part
}

function unwritable(path: string, cause: unknown): MarqueeError {
  return new MarqueeError('invalid-request', `Nothing can be written to ${path}.`, { cause })
}
