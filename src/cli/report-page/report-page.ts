import type { ModelReport } from '../../model/report.ts'
import { html } from './html.ts'
import { modelSection } from './model-section.ts'
import { style } from './style.ts'
import { type Cell, type Table, tableOf } from './table.ts'

export type ReportPageInput = {
  readonly title: string
  /**
   * A row of the table of figures each; members that are no text or number, such as folds, are not
   * shown.
   */
  readonly results: readonly (object & { readonly algorithm: string })[]
  /** The pictures of each model, under its name or else its algorithm. */
  readonly reports: readonly (ModelReport & { readonly name?: string })[]
}

/**
 * One HTML page that holds all it needs: no scripts, no other hosts, charts as SVG, every text
 * escaped.
 */
export function reportPage({ title, results, reports }: ReportPageInput): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
${style}
</head>
<body>
<h1>${title}</h1>
${tableOf(figuresOf(results))}
${reports.map((report) => modelSection(report.name ?? report.algorithm, report))}
</body>
</html>
`
  return String(page)
}

/** A column for each member that any result has, in order of first sight. */
function figuresOf(results: ReportPageInput['results']): Table {
  const members = results.map((result) => new Map(Object.entries(result).filter(isShown)))
  const heads = [...new Set(members.flatMap((row) => [...row.keys()]))]
  return { heads, rows: members.map((row) => heads.map((head) => row.get(head) ?? null)) }
}

function isShown(entry: [string, unknown]): entry is [string, Cell] {
  return ['string', 'number'].includes(typeof entry[1])
}
