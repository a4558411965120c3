import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks, consoleKeys } from '../support/console.ts'
import { until } from '../support/marquee.ts'
import { readTable } from './read-table.ts'

export async function walkTryIt(t: TestContext, service: ConsoleService): Promise<void> {
  const { api, open } = service

  await t.test('somebody new rates five movies, and each rating changes the list', async () => {
    const page = await open('/try')
    let last = await titles(page)
    for (const [title, stars] of [
      ['Star Wars: Episode IV - A New Hope', 5],
      ['The Matrix', 5],
      ['Forrest Gump', 1],
      ['Jurassic Park', 4],
      ['Toy Story', 2],
    ] as const) {
      await page.getByLabel('Find a movie by its title').fill(title)
      const rating = page.getByRole('group', { name: `Your rating of ${title}`, exact: true })
      const list = page.waitForResponse('**/v1/recommendations')
      await rating
        .first()
        .getByRole('radio', { name: `${stars} of 5` })
        .check()
      await list
      const now = await settled(page, last)
      assert.ok(!now.includes(title))
      last = now
    }
    const rates = new URL(page.url()).searchParams.getAll('rate')
    assert.equal(rates.length, 5)
    assert.match(
      (await page.locator('[aria-live]').textContent()) ?? '',
      /^The list was made anew: \d+ of 12/,
    )

    // Why, and how sure.
    const item = page.locator('.suggestions li').first()
    assert.match((await item.textContent()) ?? '', /Because of .+\s\([1-5]\)/)
    assert.match(
      (await item.locator('.likely-text').textContent()) ?? '',
      /^Predicted rating [\d.]+, in 8 of 10/,
    )
    const changes = await readTable(page, 'Before and after the last rating')
    assert.ok(changes.some(([, before, now]) => before !== now))
    await checkLooks(page)

    // The same address is the same list; what is taken back is gone from it.
    const again = await open(page.url().slice(`${service.base}/console`.length))
    assert.deepEqual(await titles(again), last)
    await again.getByRole('button', { name: 'Start over' }).click()
    await again.waitForURL('**/console/try')
  })

  await t.test('the arrow keys rate, and a movie of the list can be called seen', async () => {
    const page = await open('/try')
    const before = await titles(page)
    await page.getByLabel('Find a movie by its title').fill('matrix')
    await page.getByRole('list', { name: 'Found movies' }).waitFor()
    await page.getByRole('button', { name: `Seen it and rate ${before[0]}`, exact: true }).click()
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.waitForURL(/rate=[^&]+%3A3$/)
    const rated = page.getByRole('group', { name: `Your rating of ${before[0]}`, exact: true })
    await rated.first().getByRole('radio', { name: '3 of 5', checked: true }).waitFor()
    await settled(page, before)
  })

  await t.test('a rating of a user of the data is kept, shown, and taken back', async () => {
    const path = { userId: '15', movieId: '480' }
    const kept = async () => {
      const { data } = await api.GET('/v1/users/{userId}/ratings/{movieId}', { params: { path } })
      return data?.rating ?? null
    }
    const first = await kept()
    const page = await open('/try?user=15')
    const before = await titles(page)
    await page.getByRole('heading', { name: 'What user 15 rated' }).waitFor()
    await readTable(page, 'Ratings of user 15')
    await page.getByLabel('Find a movie by its title').fill('jurassic park')
    const stars = page.getByRole('group', { name: 'Your rating of Jurassic Park', exact: true })
    const value = first === 5 ? 1 : 5
    await stars.getByRole('radio', { name: `${value} of 5` }).check()
    await page.getByRole('heading', { name: 'Rated here (1)' }).waitFor()
    assert.equal(await kept(), value)
    await readTable(page, 'Before and after the last rating')
    await checkLooks(page)
    await page.getByRole('button', { name: 'Take back the rating of Jurassic Park' }).click()
    await page.getByRole('heading', { name: 'Rated here (1)' }).waitFor({ state: 'detached' })
    assert.equal(await kept(), first)
    assert.equal((await titles(page)).length, before.length)
  })

  await t.test('what is rated by keys, and while the ratings load, can be taken back', async () => {
    const userId = '15'
    const page = await open(`/try?user=${userId}`)
    await titles(page)
    await readTable(page, `Ratings of user ${userId}`)
    const shown = page.getByRole('list', { name: 'Well-known movies' })
    const params = { path: { userId }, query: { n: 1_000 } }
    const kept = (await dataOf(api.GET('/v1/users/{userId}/ratings', { params }))).items
    const links = await shown.getByRole('link').allTextContents()
    const one = kept.find((rating) => links.includes(rating.displayTitle!))!
    const path = { userId, movieId: one.movieId }
    const now = async () =>
      (await dataOf(api.GET('/v1/users/{userId}/ratings/{movieId}', { params: { path } }))).rating

    // The ratings never come again, and the first of the requests is the last to arrive.
    await page.route(`**/users/${userId}/ratings?*`, () => {})
    const sent: Route[] = []
    await page.route(`**/users/${userId}/ratings/*`, async (route) => {
      const isFirst = route.request().method() === 'PUT' && sent.push(route) === 1
      if (!isFirst) await route.continue()
    })
    const other = page.getByRole('group', {
      name: `Your rating of ${links.find((title) => title !== one.displayTitle)}`,
      exact: true,
    })
    await other.getByRole('radio').first().click()
    await until(() => sent.length === 1)
    await sent[0]!.continue()
    await page.getByRole('heading', { name: 'Rated here (1)' }).waitFor()
    sent.length = 0

    const stars = page.getByRole('group', {
      name: `Your rating of ${one.displayTitle}`,
      exact: true,
    })
    await stars.getByRole('radio').first().focus()
    if (one.rating !== 1) await page.keyboard.press('Space')
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight')
    await until(() => sent.length > 0)
    await sent[0]!.continue()
    const here = page.locator('section.card', { hasText: 'Rated here' })
    const change = here.getByRole('listitem').filter({ hasText: one.displayTitle! })
    await change.getByText(`${one.rating} → 4`).waitFor()
    assert.equal(await change.count(), 1)
    assert.equal(await now(), 4)
    await change.getByRole('button').click()
    await change.waitFor({ state: 'detached' })
    assert.equal(await now(), one.rating)
  })

  await t.test('who may only read is told so', async () => {
    const page = await open('/try?user=15', { key: consoleKeys.read, allowed: /403/ })
    await titles(page)
    await page.getByRole('radio', { checked: false }).first().click()
    await page.getByRole('alert').waitFor()
  })
}

/** The titles of the list, once there is one. */
async function titles(page: Page): Promise<string[]> {
  await page.locator('.suggestions:not(.waiting) li').first().waitFor()
  return page.locator('.suggestions .named a').allTextContents()
}

/** The titles of the list that came after another. */
async function settled(page: Page, before: readonly string[]): Promise<string[]> {
  const isOther = new Function(
    'before',
    `const list = document.querySelector('.suggestions:not(.waiting)')
    const titles = [...(list?.querySelectorAll('.named a') ?? [])].map((link) => link.textContent)
    return titles.length > 0 && JSON.stringify(titles) !== before`,
  ) as (before: string) => boolean
  await page.waitForFunction(isOther, JSON.stringify(before))
  return titles(page)
}
