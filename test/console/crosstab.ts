import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks } from '../support/console.ts'
import { readTable } from './read-table.ts'

export async function walkCrosstab(t: TestContext, service: ConsoleService): Promise<void> {
  await t.test('the heat map is a table of the ratings', async () => {
    const page = await service.open('/crosstab')
    await page.getByLabel('Most active users', { exact: true }).selectOption('10')
    await page.getByRole('heading', { name: '10 users, 15 movies' }).waitFor()
    const query = { users: 10, movies: 15 }
    const { users, cells } = await dataOf(
      service.api.GET('/v1/ratings/crosstab', { params: { query } }),
    )
    const shown = await readTable(
      page,
      'Ratings of the most active users for the most rated movies',
    )
    assert.deepEqual(
      shown,
      users.map(({ userId }, row) => [
        userId,
        ...cells[row]!.map((rating) => (rating === null ? 'not rated' : String(rating))),
      ]),
    )
    await checkLooks(page)
  })
}
