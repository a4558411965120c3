import type { Locator, Page } from 'playwright-core'

/** Runs in the browser, of whose types the tests know nothing. */
const cellTexts = new Function(
  'region',
  `return [...region.querySelectorAll('tbody tr')].map((row) =>
    [...row.cells].map((cell) => cell.textContent.trim()))`,
) as (region: unknown) => string[][]

/** The texts of the body of the table that is called so, row by row. */
export async function readTable(page: Page | Locator, caption: string): Promise<string[][]> {
  const region = page.getByRole('region', { name: caption, exact: true })
  await region.locator('tbody tr').first().waitFor()
  return region.evaluate(cellTexts)
}

/** The numbers of some of the columns of the table; null where there is a dash. */
export async function readNumbers(
  page: Page | Locator,
  caption: string,
  columns: readonly number[],
): Promise<(number | null)[][]> {
  const rows = await readTable(page, caption)
  return rows.map((row) => columns.map((column) => numberOf(row[column] ?? '')))
}

function numberOf(text: string): number | null {
  return text === '–' ? null : Number(text.replaceAll(',', '').replace('−', '-'))
}

/** With so many significant digits, as the tables behind charts have them. */
export function toDigits(value: number | null, digits = 6): number | null {
  return value === null ? null : Number(value.toPrecision(digits))
}
