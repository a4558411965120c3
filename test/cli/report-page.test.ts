import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type ReportPageInput, reportPage } from '../../src/cli/evaluate/report-page.ts'
import type { ModelReport } from '../../src/model/report.ts'
import { readTable } from '../console/read-table.ts'
import { findChromium } from '../support/chromium.ts'
import { checkLooks } from '../support/console.ts'
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

let folder: string
let browser: Browser | null = null
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marquee-report-'))
  const executablePath = await findChromium()
  if (executablePath !== null)
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
})
after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true })
})

/** The page as somebody opens it from a folder; `slips` are its errors and what it asks others. */
async function open(told: ReportPageInput): Promise<{ page: Page; slips: string[] }> {
  const path = join(folder, 'report.html')
  await writeFile(path, await reportPage(told))
  const page = await browser!.newPage()
  const slips: string[] = []
  page.on('pageerror', (error) => slips.push(String(error)))
  page.on('console', (message) => slips.push(message.text()))
  page.on('request', (request) => slips.push(request.url()))
  await page.goto(`file://${path}`)
  await page.locator('h1').waitFor()
  slips.shift()
  return { page, slips }
}

test('the page draws every chart, has its numbers in a table, and needs nothing else', async (t) => {
  if (browser === null) return t.skip('there is no Chromium')
  const { page, slips } = await open({ title: 'A report', results, reports: [report] })
  assert.deepEqual(await readTable(page, 'Figures'), [
    ['dot-bias', '0.8760', '0.1235', '20,000'],
    ['global-mean', '1.0500', '–', '20,000'],
  ])
  assert.equal(await page.locator('polygon').count(), 2)
  assert.equal(await page.locator('.plot canvas').count(), 2)
  const opacities = await page
    .locator('polygon')
    .evaluateAll(
      new Function(
        'all',
        'return all.map((one) => one.getAttribute("fill-opacity"))',
      ) as () => string[],
    )
  assert.deepEqual(opacities, ['1.000', Math.sqrt(1 / 8).toFixed(3)])
  await checkLooks(page)

  const buttons = page.getByRole('button', { name: /^Table/ })
  while ((await buttons.count()) > 0) await buttons.first().click()
  assert.deepEqual(await readTable(page, 'Loss'), [
    ['1', '1.25', '0.875'],
    ['2', '0.75', '0.8125'],
  ])
  assert.equal((await readTable(page, 'Learning rate and momentum')).length, 60)
  assert.deepEqual(await readTable(page, 'Predicted against actual'), [
    ['3', '3.25', '8'],
    ['4', '3.5', '1'],
  ])
  assert.deepEqual(await readTable(page, 'RMSE by ratings of the user'), [
    ['1', '0.938', '3'],
    ['2–3', '0.688', '6'],
  ])
  assert.deepEqual(await readTable(page, 'Tensors'), [
    ['user_factors', 'F32', '671 × 50', '134.2 kB'],
  ])
  assert.deepEqual(slips, [])
})

test('no text can become markup', async (t) => {
  if (browser === null) return t.skip('there is no Chromium')
  const nasty = `</script></title><img src=x onerror="alert('1')">&amp;<!--told-->$&`
  const tensors = [{ name: nasty, dtype: nasty, shape: [1], sizeBytes: 4 }]
  const { page, slips } = await open({
    title: nasty,
    results: [{ algorithm: nasty, ...{ [nasty]: nasty } }],
    reports: [{ ...report, name: nasty, tensors }],
  })
  assert.equal(await page.locator('h1').textContent(), nasty)
  assert.equal(await page.title(), nasty)
  assert.deepEqual(await readTable(page, 'Figures'), [[nasty, nasty]])
  assert.equal(await page.locator('img').count(), 0)
  assert.deepEqual(slips, [])
})

test('what there is nothing to show of is left out, and little is drawn', async (t) => {
  if (browser === null) return t.skip('there is no Chromium')
  const flat: ModelReport = {
    ...report,
    losses: [{ epoch: 1, trainMse: 0, validMse: null }],
    rates: [{ step: 0, learningRate: 0, momentum: 0 }],
    predictedVsActual: {
      ...report.predictedVsActual,
      bins: [{ actual: 3, predicted: 3, count: 1 }],
    },
    errorByUserRatings: [{ from: 0, to: 0, rows: 1, rmse: 0 }],
  }
  const reports = [
    { ...emptyReport, name: 'nothing' },
    { ...flat, name: 'little' },
  ]
  const { page, slips } = await open({ title: 'None', results, reports })
  const nothing = page.getByRole('region', { name: 'nothing', exact: true })
  assert.equal(await nothing.locator('svg, canvas').count(), 0)
  assert.doesNotMatch(await page.content(), /NaN|Infinity|"undefined"/)
  assert.deepEqual(slips, [])
})
