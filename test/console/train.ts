import type { TestContext } from 'node:test'
import { type ConsoleService, checkLooks } from '../support/console.ts'

export async function walkTrain(t: TestContext, service: ConsoleService): Promise<void> {
  await t.test('its page opens, looks right and has no serious finding', async () => {
    const page = await service.open('/train')
    await page.locator('h1').waitFor()
    await checkLooks(page)
  })
}
