import './report.css'
import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { bytes, count, fixed } from '../../text.ts'
import { Chart } from '../charts/chart.tsx'
import { Meter } from '../meter.tsx'
import { Card } from '../page.tsx'
import { type Column, Table } from '../table.tsx'
import { HexChart } from './hex-chart.tsx'

export type Report = Omit<Schemas['ModelReport'], 'model'>
type Bucket = Schemas['ErrorBucket']

/** The pictures of one training; those that it has nothing for are left out. */
export function ReportCharts({ report }: { report: Report }) {
  const { losses, rates, predictedVsActual, errorByUserRatings, errorByMovieRatings } = report
  return (
    <>
      {losses.length > 0 && (
        <Card>
          <Losses losses={losses} />
        </Card>
      )}
      {predictedVsActual.rows > 0 && (
        <Card>
          <HexChart predictedVsActual={predictedVsActual} />
        </Card>
      )}
      <Errors side="user" buckets={errorByUserRatings} />
      <Errors side="movie" buckets={errorByMovieRatings} />
      {rates.length > 0 && (
        <Card isWide>
          <Chart
            title="Learning rate and momentum"
            note="Of each step, on its way through the schedule."
            x={{ label: 'step', values: rates.map(({ step }) => step) }}
            series={[
              {
                label: 'learning rate',
                values: rates.map(({ learningRate }) => learningRate),
                tone: 1,
              },
              {
                label: 'momentum',
                values: rates.map(({ momentum }) => momentum),
                tone: 2,
                isRight: true,
                isDashed: true,
              },
            ]}
          />
        </Card>
      )}
    </>
  )
}

function Losses({ losses }: Pick<Report, 'losses'>) {
  const series = [
    { label: 'training', values: losses.map(({ trainMse }) => trainMse), tone: 1 as const },
    { label: 'held out', values: losses.map(({ validMse }) => validMse), tone: 2 as const },
  ]
  return (
    <Chart
      title="Loss"
      note="Mean squared error after each epoch."
      height={340}
      x={{ label: 'epoch', values: losses.map(({ epoch }) => epoch) }}
      series={series.filter(({ values }) => values.some((value) => value !== null))}
    />
  )
}

/** `0`, `1`, `2–3` … */
export function rangeOf({ from, to }: { from: number; to: number | null }): string {
  if (to === null) return `${count(from)} or more`
  return from === to ? count(from) : `${count(from)}–${count(to)}`
}

function Errors({ side, buckets }: { side: 'user' | 'movie'; buckets: readonly Bucket[] }) {
  const seen = buckets.filter(({ rows }) => rows > 0)
  if (seen.length === 0) return null
  const title = `RMSE by ratings of the ${side}`
  const most = Math.max(...seen.map(({ rmse }) => rmse ?? 0))
  const columns: Column<Bucket>[] = [
    { title: 'Training ratings', value: ({ from }) => from, show: rangeOf, isHeader: true },
    {
      title: 'RMSE',
      value: ({ rmse }) => rmse,
      show: ({ rmse }) => (
        <span class="measured">
          <Meter value={rmse ?? 0} from={0} to={most} />
          {fixed(rmse, 3)}
        </span>
      ),
      isNumber: true,
    },
    {
      title: 'Held out',
      value: ({ rows }) => rows,
      show: ({ rows }) => count(rows),
      isNumber: true,
    },
  ]
  return (
    <Card
      title={title}
      note={`Held-out ratings by how many training ratings their ${side} had; 0 was never trained.`}
    >
      <Table caption={title} columns={columns} rows={seen} keyOf={({ from }) => from} isSortable />
    </Card>
  )
}

const tensorColumns: Column<Report['tensors'][number]>[] = [
  {
    title: 'Name',
    value: ({ name }) => name,
    show: ({ name }) => <code>{name}</code>,
    isHeader: true,
  },
  { title: 'Type', value: ({ dtype }) => dtype },
  {
    title: 'Shape',
    value: ({ shape }) => shape.reduce((product, size) => product * size, 1),
    show: ({ shape }) => shape.map(count).join(' × '),
    isNumber: true,
  },
  {
    title: 'Size',
    value: ({ sizeBytes }) => sizeBytes,
    show: ({ sizeBytes }) => bytes(sizeBytes),
    isNumber: true,
  },
]

/** The tensors of the file of a model, with their shapes. */
export function Tensors({ tensors }: Pick<Report, 'tensors'>) {
  const size = tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return (
    <Card title="Tensors" note={`${tensors.length} tensors, ${bytes(size)}.`} isWide>
      <Table
        caption="Tensors"
        columns={tensorColumns}
        rows={tensors}
        keyOf={({ name }) => name}
        isSortable
        isLow
      />
    </Card>
  )
}
