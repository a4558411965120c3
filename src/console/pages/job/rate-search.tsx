import { Link } from 'wouter-preact'
import { Chart } from '../../components/charts/chart.tsx'
import { Card } from '../../components/page.tsx'
import { significant } from '../../text.ts'
import type { Job } from './live-job.ts'

type Props = {
  readonly points: readonly { learningRate: number; loss: number }[]
  readonly job: Extract<Job, { kind: 'find-rate' }>
}

/** The curve of a learning-rate finder, and the rate that it suggests. */
export function RateSearch({ points, job }: Props) {
  const suggestion = job.result?.suggestion
  const found = job.result?.points ?? points
  const training =
    suggestion === undefined ? null : JSON.stringify({ ...job.spec, learningRate: suggestion })
  return (
    <Card
      title={
        suggestion === undefined
          ? 'Looking for a rate'
          : `Suggested rate: ${significant(suggestion, 3)}`
      }
      actions={
        training && (
          <Link class="primary button" href={`/train?job=${encodeURIComponent(training)}`}>
            Train with it
          </Link>
        )
      }
    >
      <Chart
        title="Loss by learning rate"
        note="The rate grows with each step; the suggestion lies where the loss falls fast, well before it rises."
        x={{
          label: 'Learning rate',
          values: found.map(({ learningRate }) => learningRate),
          isLog: true,
          mark: suggestion,
        }}
        series={[{ label: 'Loss', values: found.map(({ loss }) => loss), tone: 1 }]}
        height={320}
      />
    </Card>
  )
}
