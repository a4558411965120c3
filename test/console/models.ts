import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks, consoleKeys } from '../support/console.ts'
import { until } from '../support/marquee.ts'
import { readNumbers, readTable, toDigits } from './read-table.ts'

export async function walkModels(t: TestContext, service: ConsoleService): Promise<void> {
  const { api, open } = service
  const models = () => dataOf(api.GET('/v1/models'))
  const { items, serving } = await models()
  const other = items.find(({ version }) => version !== serving)!.version
  const servingNow = async (version: string) =>
    until(async () => (await models()).serving === version)

  await t.test('the list names all models and has no serious finding', async () => {
    const page = await open('/models')
    const shown = await readTable(page, 'All models')
    assert.deepEqual(
      shown.map(([version]) => version?.split(' ')[0]),
      items.map(({ version }) => version),
    )
    await checkLooks(page)
  })

  for (const version of [serving!, other])
    await t.test(`the tables behind the charts of ${version} are the report`, async () => {
      const path = { version }
      const report = await dataOf(api.GET('/v1/models/{version}/report', { params: { path } }))
      const page = await open(`/models/${version}`)
      for (const name of ['Tensors', 'Settings'])
        await page.getByRole('heading', { name, exact: true }).waitFor()
      if (version === serving) await checkLooks(page)
      await showTables(page)
      assert.deepEqual(
        await readNumbers(page, 'Loss', [0, 1, 2]),
        report.losses.map(({ epoch, trainMse, validMse }) => [
          epoch,
          toDigits(trainMse),
          toDigits(validMse),
        ]),
      )
      assert.deepEqual(
        await readNumbers(page, 'Predicted against actual', [0, 1, 2]),
        report.predictedVsActual.bins.map(({ actual, predicted, count }) => [
          actual,
          toDigits(predicted, 4),
          count,
        ]),
      )
      assert.deepEqual(
        (await readTable(page, 'Tensors')).map(([name, type]) => [name, type]),
        report.tensors.map(({ name, dtype }) => [name, dtype]),
      )
      const errors = await readNumbers(page, 'RMSE by ratings of the movie', [1, 2])
      assert.deepEqual(
        errors,
        report.errorByMovieRatings
          .filter(({ rows }) => rows > 0)
          .map(({ rmse, rows }) => [Number(rmse?.toFixed(3)), rows]),
      )
      const { intervals } = await dataOf(api.GET('/v1/models/{version}', { params: { path } }))
      assert.deepEqual(
        await readNumbers(page, 'Calibration of the intervals', [0, 3]),
        intervals!.levels.map(({ level, covered }) => [level, toDigits(covered)]),
      )
    })

  await t.test('two models are compared, as the API does', async () => {
    const page = await open('/models')
    await page.getByLabel('Model a').selectOption(other)
    await page.getByLabel('Model b').selectOption(serving!)
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.waitForURL(`**/models/${other}/compare/${serving}`)
    const path = { version: other, other: serving! }
    const { a, b, settings } = await dataOf(
      api.GET('/v1/models/{version}/compare/{other}', { params: { path } }),
    )
    const figures = await readNumbers(page, 'Figures of both models', [1, 2])
    const round = (value: number) => Number(value.toFixed(4))
    assert.deepEqual(figures[0], [round(a.metrics!.rmse), round(b.metrics!.rmse)])
    assert.deepEqual(
      (await readTable(page, 'Settings that differ')).map(([name]) => name),
      settings.map(({ name }) => name),
    )
    await page.getByRole('img', { name: 'Loss of both' }).waitFor()
    await checkLooks(page)
  })

  await t.test('a model is promoted, and rolled back, once both versions were named', async () => {
    const page = await open(`/models/${other}`)
    await page.getByRole('button', { name: 'Promote' }).click()
    await confirm(page, 'Promote', [other, serving!])
    await servingNow(other)
    await page.getByText('serves', { exact: true }).waitFor()

    await page.getByRole('link', { name: 'Models' }).click()
    await page.getByRole('button', { name: 'Roll back' }).click()
    await confirm(page, 'Roll back', [other, serving!])
    await servingNow(serving!)
    await page.getByText('held', { exact: true }).waitFor()
    const live = page.locator('[aria-live]')
    assert.equal(await live.textContent(), `Model ${serving} serves again.`)
    // Trainings decide again from here on.
    const path = { version: serving! }
    await dataOf(api.POST('/v1/models/{version}/promote', { params: { path } }))
  })

  await t.test('who may only read is told so, and nothing changes', async () => {
    const page = await open(`/models/${other}`, { key: consoleKeys.read, allowed: /403/ })
    await page.getByRole('button', { name: 'Promote' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Promote' }).click()
    await page.getByRole('dialog').getByRole('alert').waitFor()
    assert.equal((await models()).serving, serving)
  })
}

async function confirm(page: Page, name: string, versions: readonly string[]): Promise<void> {
  const dialog = page.getByRole('dialog')
  const text = (await dialog.textContent()) ?? ''
  for (const version of versions) assert.ok(text.includes(version), text)
  await dialog.getByRole('button', { name }).click()
}

/** Turns all charts of the page into their tables. */
async function showTables(page: Page): Promise<void> {
  const buttons = page.getByRole('button', { name: /^Table/ })
  while ((await buttons.count()) > 0) await buttons.first().click()
}
