import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks } from '../support/console.ts'

export async function walkJobs(t: TestContext, service: ConsoleService): Promise<void> {
  const { api } = service

  await t.test('jobs are listed, and one that failed says why', async () => {
    const { items } = await dataOf(api.GET('/v1/models'))
    const bayes = items.find(({ spec }) => spec.algorithm === 'bayes')!
    const body = { algorithm: 'dot', epochs: 1, ranking: null, warmStart: bayes.version } as const
    const { id } = await dataOf(api.POST('/v1/training-jobs', { body }))
    for await (const _ of api.follow(id));
    const path = { id }
    const job = await dataOf(api.GET('/v1/training-jobs/{id}', { params: { path } }))
    assert.equal(job.state, 'failed')
    const page = await service.open('/jobs')
    const row = page.getByRole('row', { name: /failed/ })
    await row.getByText(job.error!.detail).waitFor()
    const jobs = await dataOf(api.GET('/v1/training-jobs', { params: { query: { n: 100 } } }))
    assert.equal(await page.getByRole('row').count(), jobs.items.length + 1)
    await checkLooks(page)
    await row.getByRole('link', { name: 'Training: dot' }).click()
    await page.getByRole('heading', { name: 'Training: dot' }).waitFor()
    assert.match(page.url(), new RegExp(`/jobs/${id}$`))
    await page.getByText(job.error!.detail).waitFor()
  })

  await t.test('an address without a page, and one without a job, say so', async () => {
    const page = await service.open('/nowhere', { allowed: /status of 404/ })
    await page.getByText('The console has no page /nowhere.').waitFor()
    const none = await service.open('/jobs/none', { allowed: /status of 404/ })
    await none.getByText('There is no training job "none".').waitFor()
  })
}
