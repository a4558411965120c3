import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks } from '../support/console.ts'

const ratings = 'who,film,mark\nguest-1,1,4\nguest-1,2,none\nguest-2,1,3\n'

/** Lets a file fall onto the page, as a hand does. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const file = JSON.stringify({ name, text })
  await page.evaluate(`(() => {
    const { name, text } = ${file}
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([text], name))
    document.querySelector('.drop').dispatchEvent(
      new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })()`)
}

export async function walkData(t: TestContext, service: ConsoleService): Promise<void> {
  const { api } = service
  const stored = async () => (await dataOf(api.GET('/v1/imports'))).items

  await t.test('a file that is dropped is shown, told apart, imported and taken back', async () => {
    const page = await service.open('/data')
    const before = await stored()
    await page.getByText('Drop files here').waitFor()
    await drop(page, 'my-ratings.csv', ratings)
    const card = page.locator('section.card', { hasText: 'my-ratings.csv' })
    await card.getByRole('columnheader', { name: 'film' }).waitFor()
    await card.getByText('Say which column is which').click()
    for (const [role, column] of [
      ['user', 'who'],
      ['movie', 'film'],
      ['rating', 'mark'],
    ] as const)
      await card.getByLabel(role, { exact: true }).selectOption(column)
    await card.getByRole('button', { name: 'Copy as curl' }).click()
    await checkLooks(page)
    await card.getByRole('button', { name: 'Import' }).click()
    await card.getByText('Lines that were refused').waitFor()
    const reason = card.getByRole('row', { name: /^3 / })
    assert.match(await reason.innerText(), /none/)
    assert.match(await card.innerText(), /Lines taken\s+2/)
    assert.match(await page.getByRole('status').innerText(), /my-ratings.csv: 2 lines taken/)
    assert.equal((await stored()).length, before.length + 1)

    const imports = page.locator('section.card', { hasText: 'Of two ratings' })
    const first = imports.getByRole('row').nth(1)
    await first.getByText('ratings as ratings.csv').waitFor()
    await first.getByRole('button', { name: 'Take back' }).click()
    const dialog = page.getByRole('dialog', { name: 'Take this import back?' })
    assert.match(await dialog.innerText(), /The 2 ratings of/)
    await dialog.getByRole('button', { name: 'Take it back' }).click()
    await dialog.waitFor({ state: 'hidden' })
    assert.deepEqual(await stored(), before)
  })

  await t.test('a file that cannot be read is refused in the words of the service', async () => {
    const page = await service.open('/data', { allowed: /status of 4\d\d/ })
    await page.getByText('Drop files here').waitFor()
    await drop(page, 'poem.txt', 'Shall I compare thee\nto a summer’s day?\n')
    await page.getByRole('button', { name: 'Import' }).click()
    const failure = page.getByRole('alert')
    assert.match(await failure.innerText(), /ratings\.csv .*\n.*request [\w-]+/s)
  })

  await t.test('a schedule is made by the form and deleted', async () => {
    const page = await service.open('/data')
    await page.getByRole('button', { name: 'New schedule' }).click()
    await page.getByLabel('Min new ratings').fill('500')
    await page.getByRole('button', { name: 'Save the schedule' }).click()
    const row = page.getByRole('row', { name: /nightly/ })
    assert.match(await row.innerText(), /0 3 \* \* \* \(UTC\).*500 new ratings/s)
    await row.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('No schedule').waitFor()
    assert.deepEqual((await dataOf(api.GET('/v1/schedules'))).items, [])
  })

  await t.test('a user is erased, and the receipt says when all is done', async () => {
    const page = await service.open('/data')
    await page.getByLabel('User id').fill('60')
    await page.getByRole('button', { name: 'Erase', exact: true }).click()
    await page.getByRole('button', { name: 'Erase user 60' }).click()
    await page.getByText('answers: done').waitFor()
    await page.getByText(/: done at /).waitFor()
    const path = { userId: '60' }
    const { items } = await dataOf(api.GET('/v1/users/{userId}/ratings', { params: { path } }))
    assert.deepEqual(items, [])
  })
}
