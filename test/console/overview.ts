import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks, consoleKeys } from '../support/console.ts'

export async function walkOverview(t: TestContext, service: ConsoleService): Promise<void> {
  const { base, api } = service

  await t.test('it says what serves and how good it is, as the API does', async () => {
    const page = await service.open('/')
    const { serving, items } = await dataOf(api.GET('/v1/models'))
    const model = items.find(({ version }) => version === serving)!
    const card = page.locator('section.card', { hasText: 'What serves' })
    await card.getByRole('link', { name: serving! }).first().waitFor()
    const text = await card.innerText()
    for (const value of [
      model.metrics!.rmse,
      model.baselines!['bias-only'].rmse,
      model.rankingMetrics!['ndcg@10'],
    ])
      assert.ok(text.includes(value.toFixed(4)), `${value} in ${text}`)
    await page.locator('.health .badge', { hasText: /healthy|degraded/ }).waitFor()
    await page.getByText('Nothing runs.').waitFor()
    await page.getByText('simd/wasm').waitFor()
    await checkLooks(page)
  })

  await t.test('the first load is small, and files keep for good', async () => {
    const page = await service.open('/')
    await page.locator('h1').waitFor()
    const files = (await page.evaluate(`performance.getEntriesByType('resource')
      .filter(({ name }) => name.includes('/console/'))
      .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize }))`)) as {
      name: string
      bytes: number
    }[]
    assert.ok(files.length >= 2)
    const all = files.reduce((sum, { bytes }) => sum + bytes, 0)
    t.diagnostic(`${Math.round(all / 1_000)} kB compressed`)
    assert.ok(all < 150_000, JSON.stringify(files))
    for (const { name } of files) {
      const { headers } = await fetch(name)
      assert.match(headers.get('cache-control')!, /immutable/)
    }
    const first = await fetch(`${base}/console/some/where`)
    const tag = first.headers.get('etag')!
    assert.equal(first.headers.get('cache-control'), 'no-cache')
    const again = await fetch(`${base}/console`, { headers: { 'if-none-match': tag } })
    assert.equal(again.status, 304)
    assert.equal((await fetch(`${base}/console/assets/none.js`)).status, 404)
    assert.equal((await fetch(base)).url, `${base}/console`)
  })

  await t.test('it says whose libraries are in it', async () => {
    const licenses = await (await fetch(`${base}/console/LICENSES.txt`)).text()
    assert.match(licenses, /^preact \d+\.\d+\.\d+, MIT\n\n.*Permission is hereby granted/ms)
    const page = await (await fetch(`${base}/console`)).text()
    const script = await (
      await fetch(`${base}${page.match(/\/console\/assets\/main[^"]+js/)![0]}`)
    ).text()
    assert.match(script, /^\/\*! .*\/console\/LICENSES\.txt/)
  })

  await t.test('of a long queue it shows what runs, and that there may be more', async () => {
    const page = await service.open('/jobs')
    const { items } = await dataOf(api.GET('/v1/training-jobs'))
    const waiting = Array.from({ length: 150 }, (_, i) => {
      return { ...items[0]!, id: `job-${i}`, kind: 'train', state: 'queued' }
    })
    const running = { ...items[0]!, id: 'job-x', kind: 'tune', state: 'running' }
    const all = [...waiting, running]
    await page.route('**/v1/training-jobs?*', (route) => {
      const { searchParams } = new URL(route.request().url())
      const from = Number(searchParams.get('cursor') ?? 0)
      const state = searchParams.get('state')
      const asked = all.filter((job) => state === null || job.state === state)
      const end = from + Number(searchParams.get('n'))
      const nextCursor = end < asked.length ? String(end) : null
      return route.fulfill({ json: { items: asked.slice(from, end), nextCursor } })
    })
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('100 or more jobs behind it.').waitFor()
    const card = page.locator('section.card', { hasText: 'behind it' })
    await card.getByRole('link', { name: /^Tuning/ }).waitFor()
    await page.getByRole('link', { name: 'Jobs', exact: true }).click()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' })
    assert.equal(await page.getByRole('row').count(), all.length + 1)
    assert.match((await page.getByRole('row').nth(1).textContent()) ?? '', /^Tuning/)
  })

  await t.test('by plain HTTP from another machine it is the same', async () => {
    const page = await service.open('/try', { isFromAfar: true })
    assert.equal(await page.evaluate('isSecureContext'), false)
    await page.locator('.suggestions li').first().waitFor()
  })

  await t.test('its policy lets nothing inline run, and nothing of other hosts', async () => {
    const page = await service.open('/', { allowed: /Content Security Policy/ })
    await page.locator('h1').waitFor()
    await page.evaluate(`(() => {
      const script = document.createElement('script')
      script.textContent = 'window.inline = true'
      document.body.append(script)
    })()`)
    assert.equal(await page.evaluate('window.inline'), undefined)
    const asked = await page.evaluate(`fetch('https://example.org').then(() => 1, () => 0)`)
    assert.equal(asked, 0)
  })

  await t.test(
    'it asks for a key, refuses a wrong one in words and forgets a right one',
    async () => {
      const page = await service.open('/jobs', { key: null, allowed: /40[13]/ })
      await page.getByLabel('API key').fill('nonsense')
      await page.keyboard.press('Enter')
      await page.getByText('The key is not one of those configured here.').waitFor()
      await page.getByLabel('API key').fill(consoleKeys.public)
      await page.keyboard.press('Enter')
      await page.getByText(/^This key may not see the console.*yours has the role public/).waitFor()
      await checkLooks(page)
      await page.getByLabel('API key').fill(consoleKeys.read)
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByRole('heading', { name: 'Jobs' }).waitFor()
      assert.equal(await page.evaluate('localStorage.getItem("marquee-key")'), null)
      assert.equal(await page.evaluate('sessionStorage.getItem("marquee-key")'), consoleKeys.read)
      await page.getByRole('button', { name: 'Forget the key' }).click()
      await page.getByLabel('API key').waitFor()
      assert.equal(await page.evaluate('sessionStorage.length'), 0)
      const kept = await service.open('/jobs', { key: consoleKeys.public, allowed: /403/ })
      await kept.getByText(/^This key may not see the console/).waitFor()
    },
  )

  await t.test('keys lead through it: past the navigation, through it, to the title', async () => {
    const page = await service.open('/')
    await page.locator('h1').waitFor()
    const focused = () => page.evaluate('document.activeElement.textContent.trim()')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Skip to the page')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Train a model')
    const names: unknown[] = []
    await page.locator('.brand a').focus()
    for (let i = 0; i < 3; i += 1) {
      await page.keyboard.press('Tab')
      names.push(await focused())
    }
    assert.deepEqual(names, ['Overview', 'Try it', 'Data'])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Data', level: 1 }).waitFor()
    assert.equal(await focused(), 'Data')
    assert.equal(await page.title(), 'Data · Marquee')
    await page.goBack()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  })
}
