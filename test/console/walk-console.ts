import { after, before, type TestContext, test } from 'node:test'
import { type ConsoleService, startConsole } from '../support/console.ts'

/** Tests of a service of their own that walk through its console, one after the other. */
export function walkConsole(
  walks: Record<string, (t: TestContext, service: ConsoleService) => Promise<void>>,
): void {
  let service: ConsoleService | null
  before(async () => {
    service = await startConsole()
  })
  after(() => service?.close())
  for (const [name, walk] of Object.entries(walks))
    test(`the console, ${name}`, async (t) => {
      if (service === null) return t.skip('there is no Chromium')
      await walk(t, service)
      service.checkQuiet()
    })
}
