import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { count, significant } from '../../text.ts'
import { Table } from '../table.tsx'
import { Figure } from './figure.tsx'
import { colourOf, type Drawn, plotOptions } from './plot-options.ts'

export type ChartProps = Drawn & {
  readonly title: string
  /** What can be said of it in a sentence. */
  readonly note?: string
}

/**
 * Curves over one axis, drawn as they grow. The legend shows the values under the pointer, else the
 * last ones; the same numbers are in a table behind it.
 */
export function Chart(props: ChartProps) {
  const { title, note, x, series } = props
  const at = useSignal<number | null>(null)
  const place = at.value ?? x.values.length - 1
  const last = series.map(({ label, values }) => `${label} ${shown(lastOf(values))}`).join(', ')
  return (
    <Figure title={title} note={note} table={<ChartTable {...props} />}>
      <ul class="legend">
        {series.map(({ label, values, tone }) => (
          <li key={label} class={`tone-${tone}`}>
            {label} <b>{shown(at.value === null ? lastOf(values) : values[place])}</b>
          </li>
        ))}
        <li class="where">
          {x.label} <b>{shown(x.values[place])}</b>
        </li>
      </ul>
      <Plot
        {...props}
        describe={`${title}, over ${x.label}. Last: ${last}.`}
        onPoint={(index) => {
          at.value = index
        }}
      />
    </Figure>
  )
}

function ChartTable({ title, x, series }: ChartProps) {
  const columns = [
    { title: x.label, value: (i: number) => x.values[i]!, isNumber: true, isHeader: true },
    ...series.map(({ label, values }) => ({
      title: label,
      value: (i: number) => values[i] ?? null,
      show: (i: number) => shown(values[i]),
      isNumber: true,
    })),
  ]
  return <Table caption={title} columns={columns} rows={x.values.map((_, i) => i)} isLow />
}

type PlotProps = Drawn & { describe: string; onPoint: (index: number | null) => void }

/** The canvas. It is drawn anew where the colours or the curves become others. */
function Plot({ describe, onPoint, ...drawn }: PlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>()
  const { x, series, height = 240 } = drawn
  const data = [x.values, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData
  const kind = JSON.stringify([
    [x.label, x.isLog, x.mark, drawn.isLog, height],
    series.map(({ values: _, ...kept }) => kept),
    // Another theme has other colours.
    series.map(({ tone }) => colourOf(tone)),
  ])
  // `kind` stands for all that the options are made of.
  useEffect(() => {
    const element = place.current!
    const made = new uPlot(plotOptions(drawn, element.clientWidth, onPoint), data, element)
    plot.current = made
    const watch = new ResizeObserver(() =>
      made.setSize({ width: Math.max(200, element.clientWidth), height }),
    )
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
    }
  }, [kind])
  useEffect(
    () => plot.current?.setData(data),
    [x.values.length, ...series.map(({ values }) => values)],
  )
  return <div class="plot" ref={place} role="img" aria-label={describe} style={{ height }} />
}

function shown(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return Math.abs(value) < 10_000 ? significant(value) : count(value)
}

function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null
}
