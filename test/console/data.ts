import type { TestContext } from 'node:test'
import { type ConsoleService, checkLooks } from '../support/console.ts'

export async function walkData(t: TestContext, service: ConsoleService): Promise<void> {
  await t.test('its page opens, looks right and has no serious finding', async () => {
    const page = await service.open('/data')
    await page.locator('h1').waitFor()
    await checkLooks(page)
  })
}
