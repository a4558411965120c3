import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { Chart } from '../../components/charts/chart.tsx'
import type { Series } from '../../components/charts/plot-options.ts'
import { Card } from '../../components/page.tsx'

type Epochs = readonly Schemas['EpochReport'][]

/** Losses, and rate and speed, by epoch; also of a training that is over. */
export function LossCharts({ epochs }: { epochs: Epochs }) {
  const x = {
    label: 'Epoch',
    values: epochs.map(({ epoch }) => epoch),
    // Where the burn-in ended, once it has.
    mark:
      epochs.at(-1)?.phase === 'sampling'
        ? epochs.findLast(({ phase }) => phase === 'burn-in')?.epoch
        : undefined,
  }
  const hasRate = epochs.some(({ learningRate }) => learningRate !== null)
  const speed: Series = {
    label: 'Ratings/s',
    values: epochs.map(({ ratingsPerSecond }) => Math.round(ratingsPerSecond)),
    tone: 3,
    isRight: hasRate,
  }
  const rate: Series = {
    label: 'Learning rate',
    values: epochs.map(({ learningRate }) => learningRate),
    tone: 4,
  }
  return (
    <div class="grid">
      <Card>
        <Chart
          title="Loss"
          note={
            x.mark === undefined
              ? 'Mean squared error while it trained, and of the ratings held out.'
              : 'Mean squared error of each sweep, and of their average on the ratings held out. The line is the end of the burn-in.'
          }
          x={x}
          series={[
            { label: 'Training', values: epochs.map(({ trainMse }) => trainMse), tone: 2 },
            { label: 'Held out', values: epochs.map(({ validMse }) => validMse), tone: 1 },
          ]}
        />
      </Card>
      <Card>
        <Chart
          title={hasRate ? 'Learning rate and speed' : 'Speed'}
          note={
            hasRate ? 'The rate at the left, ratings a second at the right.' : 'Ratings a second.'
          }
          x={x}
          series={hasRate ? [rate, speed] : [speed]}
        />
      </Card>
    </div>
  )
}
