import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { dataOf, type Schemas } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks, consoleKeys } from '../support/console.ts'

/** What is seen under this name; others of it are folded away. */
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })

export async function walkTrain(t: TestContext, service: ConsoleService): Promise<void> {
  const { api } = service
  const jobAt = async (page: Page) => {
    const id = page.url().split('/').at(-1)!
    return dataOf(api.GET('/v1/training-jobs/{id}', { params: { path: { id } } }))
  }
  const start = async (body: Schemas['JobRequest']) =>
    (await dataOf(api.POST('/v1/training-jobs', { body }))).id

  await t.test('a description of the API that failed is asked for again', async () => {
    const page = await service.open('/jobs')
    const answer = { status: 503, json: {} }
    await page.route('**/openapi.json', (route) => route.fulfill(answer), { times: 1 })
    await page.getByRole('link', { name: 'Train', exact: true }).click()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('radio', { name: /^dot-bias/ }).waitFor()
  })

  await t.test('the form knows defaults and ranges, and shows what is not taken', async () => {
    const page = await service.open('/train', { allowed: /status of 400/ })
    await page.getByRole('radio', { name: /^dot-bias/ }).check()
    const epochs = field(page, 'Epochs')
    assert.equal(await epochs.getAttribute('placeholder'), 'auto (default)')
    await page.getByRole('radio', { name: /^Train a model/ }).focus()
    const focused: unknown[] = []
    for (let i = 0; i < 3; i += 1) {
      await page.keyboard.press('Tab')
      focused.push(
        await page.evaluate('document.activeElement.labels[0].innerText.split("\\n")[0]'),
      )
    }
    assert.deepEqual(focused, ['dot-bias', 'Factors', 'Epochs'])
    await page.getByText('1 … 1,000; or “auto”').waitFor()
    await checkLooks(page)
    await epochs.fill('0')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.locator('.field', { has: epochs }).getByText('Too small').waitFor()
    assert.equal(await epochs.getAttribute('aria-invalid'), 'true')
  })

  await t.test('who may not train is told so, with the id of the request', async () => {
    const page = await service.open('/train', { key: consoleKeys.read, allowed: /status of 403/ })
    await page.getByRole('button', { name: 'Start' }).click()
    const alert = page.getByRole('alert')
    assert.match(await alert.innerText(), /role admin; yours has the role read.*request \S+/s)
  })

  await t.test('a training starts from the form, is watched live and ends', async () => {
    const page = await service.open('/train')
    await page.evaluate(`(() => {
      window.said = []
      const region = document.querySelector('[role=status]')
      new MutationObserver(() => window.said.push(region.innerText))
        .observe(region, { childList: true, characterData: true, subtree: true })
    })()`)
    await page.getByRole('radio', { name: /^dot-bias/ }).check()
    await field(page, 'Epochs').fill('3')
    await field(page, 'Factors').fill('4')
    await page.getByLabel('Promote', { exact: true }).selectOption('manual')
    await page.getByText('further settings').click()
    const ranking = page.getByRole('group', { name: 'Ranking' })
    await ranking.getByLabel('Without it').check()
    await page.getByRole('button', { name: 'Copy as curl' }).click()
    const line = String(await page.evaluate('navigator.clipboard.readText()'))
    assert.match(line, /^curl '.+\/v1\/training-jobs' \\\n {2}-X POST .*MARQUEE_KEY/s)
    assert.deepEqual(JSON.parse(/-d '(.+)'/.exec(line)![1]!), {
      ...{ algorithm: 'dot-bias', epochs: 3, factors: 4, promote: 'manual', ranking: null },
    })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.locator('.badge', { hasText: 'completed' }).waitFor()
    const said = (await page.evaluate('window.said')) as string[]
    assert.match(said.join('\n'), /^Epoch [123] of 3, held-out error 0\.\d{4}\.$/m)
    assert.equal(said.at(-1), 'The job is completed.')
    const job = await jobAt(page)
    assert.deepEqual([job.state, job.epochs!.length], ['completed', 3])
    assert.ok('factors' in job.spec && job.spec.factors === 4)
    assert.equal(job.spec.algorithm, 'dot-bias')
    await page.getByRole('link', { name: job.model! }).waitFor()
    await checkLooks(page)

    const loss = page.locator('figure', { hasText: 'Loss' })
    const label = await loss.getByRole('img').getAttribute('aria-label')
    assert.match(label!, /Held out 0\.\d+/)
    await loss.getByRole('button', { name: 'Table' }).click()
    const cells = (await loss.locator('tbody tr').all()).map((row) =>
      row.locator('th, td').allInnerTexts(),
    )
    const shown = (await Promise.all(cells)).map((row) => row.map(Number))
    const told = job.epochs!.map(({ epoch, trainMse, validMse }) => [epoch, trainMse, validMse!])
    assert.deepEqual(
      shown,
      told.map((row) => row.map((value) => Number(value.toPrecision(6)))),
    )
  })

  await t.test('a training is cancelled, after a question', async () => {
    const id = await start({ algorithm: 'dot', epochs: 1_000, ranking: null })
    const page = await service.open(`/train/${id}`)
    await page.getByText(/^training, /).waitFor()
    await page.getByText('Loss', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Cancel the job' }).click()
    await page.locator('.badge', { hasText: 'cancelled' }).waitFor()
    assert.equal((await jobAt(page)).state, 'cancelled')
  })

  await t.test('a search for a rate shows its curve and leads on to a training', async () => {
    const page = await service.open(
      `/train/${await start({ kind: 'find-rate', training: { algorithm: 'dot-bias' } })}`,
    )
    await page.getByText(/Suggested rate: 0\.\d+/).waitFor()
    const job = await jobAt(page)
    assert.ok(job.kind === 'find-rate' && job.result)
    await page.getByRole('button', { name: 'Table' }).click()
    assert.equal(await page.locator('figure tbody tr').count(), job.result.points.length)
    await page.getByRole('link', { name: 'Train with it' }).click()
    const rate = field(page, 'Learning rate')
    assert.equal(Number(await rate.inputValue()), job.result.suggestion)
  })

  await t.test('a tuning shows its trials as lines and as a table', async () => {
    const id = await start({
      kind: 'tune',
      algorithm: 'dot',
      trials: 3,
      space: { factors: [2, 4], epochs: [1], learningRate: { min: 0.001, max: 0.1, log: true } },
    })
    const page = await service.open(`/train/${id}`)
    await page.locator('.badge', { hasText: 'completed' }).waitFor()
    assert.equal(await page.locator('svg.parallel polyline').count(), 3)
    const job = await jobAt(page)
    assert.ok(job.kind === 'tune')
    const errors = await page.locator('table td:nth-child(2)').allInnerTexts()
    assert.deepEqual(
      errors,
      job.result.trials.map(({ validMse }) => validMse?.toFixed(4) ?? 'diverged'),
    )
    await checkLooks(page)
    await page.getByRole('link', { name: 'Train the best' }).click()
    await page.getByRole('radio', { name: /^dot / }).waitFor()
  })
}
