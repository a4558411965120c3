import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figuresOf, meanFigures } from '../../src/training/evaluation/figures.ts'

const lists = {
  ...{ ndcg: 0.2, recall: 0.1, precision: 0.3, averagePrecision: 0.05 },
  ...{ hit: 0.6, catalogueCoverage: 0.4, novelty: 3, users: 2 },
}
const errors = (mse: number, rows: number) => ({ rmse: Math.sqrt(mse), mse, mae: 0.5, rows })
const byWarmth = { warm: null, coldUser: null, coldMovie: null }

test('a fold without cold users does not pull their mean down', () => {
  const folds = [
    figuresOf({
      ...{ rows: 10, errors: errors(4, 10), lists },
      byWarmth: { ...byWarmth, coldUser: errors(9, 2) },
    }),
    figuresOf({ rows: 11, errors: errors(1, 11), lists: { ...lists, ndcg: 0.4 }, byWarmth }),
  ]
  const mean = meanFigures(folds)
  assert.equal(mean.rmse, 1.5)
  assert.equal(mean.mse, 2.5)
  assert.equal(mean.rows, 10.5)
  assert.ok(Math.abs(mean['ndcg@10']! - 0.3) < 1e-12)
  assert.equal(mean.coldUserRows, 1)
  assert.equal(mean.coldUserRmse, 3)
  assert.equal(mean.coldMovieRmse, null)
  assert.deepEqual(Object.keys(mean), Object.keys(folds[0]!))
})

test('what predicts no rating has no errors, but its rows are counted', () => {
  const warm = errors(4, 10)
  const figures = figuresOf({ rows: 10, errors: null, lists, byWarmth: { ...byWarmth, warm } })
  assert.deepEqual(
    [figures.rmse, figures.mse, figures.mae, figures.warmRmse, figures.warmRows],
    [null, null, null, null, 10],
  )
})
