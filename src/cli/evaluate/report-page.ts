import { readFile } from 'node:fs/promises'
import { MarqueeError } from '../../errors.ts'
import type { ModelReport } from '../../model/report.ts'

export type ReportPageInput = {
  readonly title: string
  /** A row of the table of figures each; members that are no text or number are not shown. */
  readonly results: readonly (object & { readonly algorithm: string })[]
  /** The pictures of each model, under its name or else its algorithm. */
  readonly reports: readonly (ModelReport & { readonly name?: string })[]
}

const built = new URL('../../console/built/report.html', import.meta.url)

/** One HTML page that holds all it needs: the components of the console, and what they show. */
export async function reportPage(told: ReportPageInput): Promise<string> {
  const page = await readFile(built, 'utf8').catch((cause: unknown) => {
    throw new MarqueeError('internal', 'The page of reports is not built: npm run console.', {
      cause,
    })
  })
  const title = told.title.replace(/[&<>]/g, (found) => `&#${found.charCodeAt(0)};`)
  // No text of it can end the element that it stands in.
  const json = JSON.stringify(told).replaceAll('<', '\\u003c')
  const element = `<script type="application/json" id="told">${json}</script>`
  return page.replace('<!--title-->', () => title).replace('<!--told-->', () => element)
}
