import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figuresOf, meanFigures } from '../../src/training/evaluation/figures.ts'

const ranking = {
  ...{ ndcg: 0.2, recall: 0.1, precision: 0.3, averagePrecision: 0.05 },
  ...{ hit: 0.6, coverage: 0.4, novelty: 3 },
}
const errors = (mse: number, rows: number) => ({ rmse: Math.sqrt(mse), mse, mae: 0.5, rows })
const noWarmth = { warm: null, coldUser: null, coldMovie: null }

test('a fold without cold users does not pull their mean down', () => {
  const folds = [
    figuresOf(10, errors(4, 10), ranking, { ...noWarmth, coldUser: errors(9, 2) }, null),
    figuresOf(11, errors(1, 11), { ...ranking, ndcg: 0.4 }, noWarmth, null),
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
  const figures = figuresOf(10, null, ranking, { ...noWarmth, warm: errors(4, 10) }, null)
  assert.deepEqual(
    [figures.rmse, figures.mse, figures.mae, figures.warmRmse, figures.warmRows],
    [null, null, null, null, 10],
  )
})
