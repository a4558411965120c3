import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks } from '../support/console.ts'
import { readNumbers, readTable } from './read-table.ts'

export async function walkMovies(t: TestContext, service: ConsoleService): Promise<void> {
  const { api, open } = service
  const round = (value: number | null, digits: number) => Number(value?.toFixed(digits))

  await t.test('the highest and the lowest bias stand beside mean and count', async () => {
    const page = await open('/movies')
    for (const [order, title] of [
      ['top', 'Highest bias'],
      ['bottom', 'Lowest bias'],
    ] as const) {
      const params = { query: { order, n: 20 } }
      const { items } = await dataOf(api.GET('/v1/movies/rankings/bias', { params }))
      assert.deepEqual(
        await readNumbers(page, title, [2, 3, 4]),
        items.map(({ bias, meanRating, ratings }) => [
          round(bias, 3),
          round(meanRating, 2),
          ratings,
        ]),
      )
    }
    await checkLooks(page)
  })

  await t.test('each ranking has an address, and goes on', async () => {
    const page = await open('/movies')
    for (const name of ['By mean', 'Popular', 'Trending']) {
      await page.getByRole('link', { name }).click()
      await page.getByRole('heading', { name: name, level: 2 }).waitFor()
    }
    await page.goto(`${service.base}/console/movies?view=popular&genre=Drama`)
    const first = await readTable(page, 'Popular')
    let pages = 0
    let answer = () => {}
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/rankings/popular?*cursor=*', async (route) => {
      pages += 1
      await isAnswered
      await route.continue()
    })
    const more = page.getByRole('button', { name: 'Show more' })
    await more.click()
    // It is asked for once, however often.
    await more.click({ force: true })
    answer()
    const params = { query: { n: 40, genres: ['Drama'] } }
    const { items } = await dataOf(api.GET('/v1/movies/rankings/popular', { params }))
    await page.getByRole('cell', { name: String(first.length + 1), exact: true }).waitFor()
    assert.equal(pages, 1)
    assert.deepEqual(
      await readNumbers(page, 'Popular', [4]),
      items.map(({ ratings }) => [ratings]),
    )
  })

  await t.test('a movie is found by its title, and leads to what is like it', async () => {
    const page = await open('/movies')
    await page.getByLabel('Search by title').fill('pulp fic')
    await page.getByRole('link', { name: 'Pulp Fiction' }).click()
    await page.waitForURL('**/movies/296')
    await page.getByRole('heading', { name: 'Pulp Fiction', level: 1 }).waitFor()
    const params = { path: { movieId: '296' }, query: { n: 12 } }
    const { items } = await dataOf(api.GET('/v1/movies/{movieId}/similar', { params }))
    assert.deepEqual(
      await readNumbers(page, 'Similar movies', [1, 2]),
      items.map(({ similarity, ratings }) => [round(similarity, 2), ratings]),
    )
    const fans = await readNumbers(page, 'Who likes it', [1])
    assert.deepEqual(
      fans,
      fans.toSorted(([a], [b]) => b! - a!),
    )
  })

  await t.test('what a user is predicted to give it is split over what they rated', async () => {
    const page = await open('/movies/296?user=15')
    const params = {
      path: { movieId: '296', userId: '15' },
      query: { of: 'rating', n: 12 },
    } as const
    const { items, rating } = await dataOf(
      api.GET('/v1/users/{userId}/explanations/{movieId}', { params }),
    )
    const caption = 'What the user rated that moves it most'
    assert.deepEqual(
      await readNumbers(page, caption, [1, 2]),
      items.map(({ rating, stars }) => [rating, round(stars!, 3)]),
    )
    await page.getByText(rating.toFixed(2), { exact: true }).waitFor()
    await checkLooks(page)
  })
}
