import { Card } from '../components/page.tsx'
import { type Report, ReportCharts, Tensors } from '../components/report/report-charts.tsx'
import { type Column, Table } from '../components/table.tsx'
import { count } from '../text.ts'

type Cell = string | number
/** What a predictor was measured to be; members that are no text or number, such as folds, are not shown. */
type Result = Readonly<Record<string, unknown>>

type Props = {
  readonly title: string
  readonly results: readonly Result[]
  /** Of each training, under its name or else its algorithm. */
  readonly reports: readonly (Report & { readonly name?: string })[]
}

/** What `evaluate` measured, and the pictures of each training. */
export function ReportDocument({ title, results, reports }: Props) {
  return (
    <main class="stack">
      <h1>{title}</h1>
      <Card title="Figures">
        <Table caption="Figures" columns={columnsOf(results)} rows={results} isSortable />
      </Card>
      {reports.map((report, i) => (
        <section class="stack" key={String(i)} aria-label={report.name ?? report.algorithm}>
          <h2 class="of">{report.name ?? report.algorithm}</h2>
          <div class="grid">
            <ReportCharts report={report} />
            <Tensors tensors={report.tensors} />
          </div>
        </section>
      ))}
    </main>
  )
}

/** A column for each member that any result has, in order of first sight. */
function columnsOf(results: readonly Result[]): Column<Result>[] {
  const names = new Set(results.flatMap((result) => Object.keys(result)))
  const isShown = (value: unknown): value is Cell => ['string', 'number'].includes(typeof value)
  return [...names]
    .filter((name) => results.some((result) => isShown(result[name])))
    .map((name, i) => {
      const value = (result: Result) => {
        const cell = result[name]
        return isShown(cell) ? cell : null
      }
      return {
        title: name,
        value,
        show: (result: Result) => written(value(result)),
        isNumber: results.every((result) => typeof result[name] !== 'string'),
        isHeader: i === 0,
      }
    })
}

/** Whole numbers in full, others with four digits, nothing as a dash. */
function written(cell: Cell | null): string {
  if (cell === null || typeof cell === 'string') return cell ?? '–'
  if (Number.isInteger(cell)) return count(cell)
  return Math.abs(cell) >= 0.001 ? cell.toFixed(4) : cell.toPrecision(3)
}
