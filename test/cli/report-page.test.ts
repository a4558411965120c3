import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportPage } from '../../src/cli/report-page/report-page.ts'
import type { ModelReport } from '../../src/model/report.ts'
import { emptyReport } from '../support/models.ts'

const report: ModelReport = {
  algorithm: 'dot-bias',
  losses: [
    { epoch: 1, trainMse: 1.25, validMse: 0.875 },
    { epoch: 2, trainMse: 0.75, validMse: 0.8125 },
  ],
  rates: Array.from({ length: 60 }, (_, step) => ({
    step,
    learningRate: step / 1e4,
    momentum: 0.9,
  })),
  predictedVsActual: {
    columnSpacing: 0.5,
    rowSpacing: 0.25,
    rows: 9,
    bins: [
      { actual: 3, predicted: 3.25, count: 8 },
      { actual: 4, predicted: 3.5, count: 1 },
    ],
  },
  errorByUserRatings: [
    { from: 0, to: 0, rows: 0, rmse: null },
    { from: 1, to: 1, rows: 3, rmse: 0.9375 },
    { from: 2, to: 3, rows: 6, rmse: 0.6875 },
  ],
  errorByMovieRatings: [{ from: 0, to: 0, rows: 9, rmse: 0.5625 }],
  tensors: [{ name: 'user_factors', dtype: 'F32', shape: [671, 50], sizeBytes: 134_200 }],
}
const results = [
  { algorithm: 'dot-bias', rmse: 0.876, 'ndcg@10': 0.1234567, rows: 20_000, folds: [{ rmse: 1 }] },
  { algorithm: 'global-mean', rmse: 1.05, rows: 20_000, note: undefined },
]
const page = reportPage({ title: 'A report', results, reports: [report] })
const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length

/** The cells of the table whose heads are given, row by row. */
function tableWith(html: string, ...heads: string[]): string[][] {
  const tables = [...html.matchAll(/<table>(.*?)<\/table>/gs)].map(([, table = '']) =>
    [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell),
    ),
  )
  const found = tables.find(([first]) => first?.join() === heads.join())
  assert.ok(found, `no table of ${heads}`)
  return found.slice(1)
}

test('the figures stand in one table, a column for each that any result has', () => {
  assert.deepEqual(tableWith(page, 'algorithm', 'rmse', 'ndcg@10', 'rows'), [
    ['dot-bias', '0.8760', '0.1235', '20,000'],
    ['global-mean', '1.0500', '–', '20,000'],
  ])
})

test('every chart is drawn and has its numbers in a table behind it', () => {
  assert.equal(count(page, /<svg /g), 6)
  assert.equal(count(page, /<polyline /g), 4)
  assert.equal(count(page, /<polygon /g), 2)
  assert.equal(count(page, /<rect /g), 4)
  assert.deepEqual(tableWith(page, 'epoch', 'training MSE', 'held-out MSE'), [
    ['1', '1.2500', '0.8750'],
    ['2', '0.7500', '0.8125'],
  ])
  assert.equal(tableWith(page, 'step', 'learning rate').length, 60)
  assert.equal(tableWith(page, 'step', 'momentum').length, 60)
  assert.deepEqual(tableWith(page, 'actual', 'predicted', 'ratings'), [
    ['3', '3.2500', '8'],
    ['4', '3.5000', '1'],
  ])
  assert.deepEqual(tableWith(page, 'training ratings', 'RMSE', 'rows'), [
    ['0', '–', '0'],
    ['1', '0.9375', '3'],
    ['2–3', '0.6875', '6'],
  ])
  assert.deepEqual(tableWith(page, 'name', 'type', 'shape', 'bytes'), [
    ['user_factors', 'F32', '671 × 50', '134,200'],
  ])
})

test('curves and hexagons stand where their numbers say', () => {
  const [, path = ''] = /<polyline class="curve second" points="([^"]+)"/.exec(page) ?? []
  const [first, second] = path.split(' ').map((point) => point.split(',').map(Number))
  assert.ok(first![0]! < second![0]! && first![1]! < second![1]!, 'to the right and lower')
  const [often, once] = [...page.matchAll(/fill-opacity="([^"]+)"/g)].map(([, value]) => value)
  assert.deepEqual([often, once], ['1.000', Math.sqrt(1 / 8).toFixed(3)])
  assert.match(page, /<title>actual 3, predicted 3.25: 8<\/title>/)
})

test('no text can become markup', () => {
  const nasty = `<img src=x onerror="alert('1')">&amp;`
  const html = reportPage({
    title: nasty,
    results: [{ algorithm: nasty, ...{ [nasty]: nasty } }],
    reports: [
      {
        ...report,
        name: nasty,
        tensors: [{ name: nasty, dtype: nasty, shape: [1], sizeBytes: 4 }],
      },
    ],
  })
  assert.ok(!html.includes('<img') && !html.includes(`onerror="`))
  assert.equal(
    count(html, /&lt;img src=x onerror=&quot;alert\(&#39;1&#39;\)&quot;&gt;&amp;amp;/g),
    8,
  )
})

test('the page needs nothing else: no script, no other host', () => {
  assert.doesNotMatch(page, /<script|<link|<iframe|<img|\bon\w+=|url\(|@import|https?:/)
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; style-src/)
})

test('every number of a drawing is finite, whatever there is to draw', () => {
  const single = { epoch: 1, trainMse: 0, validMse: null }
  const flat: ModelReport = {
    ...report,
    losses: [single],
    rates: [{ step: 0, learningRate: 0, momentum: 0 }],
    predictedVsActual: {
      ...report.predictedVsActual,
      bins: [{ actual: 3, predicted: 3, count: 1 }],
    },
    errorByUserRatings: [{ from: 0, to: 0, rows: 1, rmse: 0 }],
  }
  const html = reportPage({ title: '', results: [], reports: [flat, report] })
  assert.doesNotMatch(html, /NaN|Infinity|undefined|null/)
})

test('what there is nothing to show of is left out', () => {
  const html = reportPage({ title: 'None', results, reports: [emptyReport] })
  assert.equal(count(html, /<svg /g), 0)
  assert.match(html, /<h2>dot-bias<\/h2>/)
  assert.match(reportPage({ title: 'None', results, reports: [] }), /<h1>None<\/h1>/)
})
