import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { dataOf } from '../../clients/typescript/src/client.ts'
import { type ConsoleService, checkLooks } from '../support/console.ts'
import { readNumbers, readTable } from './read-table.ts'

export async function walkMap(t: TestContext, service: ConsoleService): Promise<void> {
  const { api, open } = service
  const query = { components: 6, mostRated: 300 }
  const { items, components } = await dataOf(api.GET('/v1/movie-map', { params: { query } }))

  await t.test('the table has what the map shows, the poles their titles', async () => {
    const page = await open('/map?movies=300&x=2&y=1')
    const canvas = page.getByRole('img', { name: `${items.length} movies` })
    await canvas.waitFor()
    await checkLooks(page)
    const poles = await readTable(page, 'The ends of the components')
    for (const [i, component] of components.entries())
      for (const [column, end] of [component.lowest, component.highest].entries())
        assert.ok(poles[i]![2 + column]!.startsWith(end[0]!.displayTitle!))
    await page.getByRole('button', { name: /^Table/ }).click()
    assert.deepEqual(
      await readNumbers(page, 'The movies of the map', [1, 2, 3]),
      items.map(({ coordinates: [x, y], ratings }) => [
        Number(y!.toFixed(3)),
        Number(x!.toFixed(3)),
        ratings,
      ]),
    )
  })

  await t.test('a movie is found, brought near, and named; the address keeps it', async () => {
    const page = await open('/map?movies=300')
    const canvas = page.getByRole('img', { name: `${items.length} movies` })
    const dataOfCanvas = new Function('canvas', 'return canvas.toDataURL()') as () => string
    const picture = () => canvas.evaluate(dataOfCanvas)
    await canvas.waitFor()
    const whole = await picture()
    await page.getByRole('button', { name: 'Nearer' }).click()
    await canvas.hover()
    await page.mouse.wheel(0, 200)
    await page.mouse.down()
    await page.mouse.move(500, 500)
    await page.mouse.up()
    await page.getByLabel('Find on the map').fill('pulp')
    await page.getByRole('button', { name: 'Pulp Fiction' }).click()
    await page.waitForURL('**movie=296**')
    await page.getByRole('link', { name: 'Pulp Fiction' }).first().waitFor()
    assert.notEqual(await picture(), whole)
    await page.getByRole('button', { name: 'Comedy' }).click()
    await page.waitForURL('**genre=Comedy**')
  })
}
