import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { count, fixed, percent } from '../../text.ts'
import { Chart } from '../charts/chart.tsx'
import { Card } from '../page.tsx'
import { type Column, Table } from '../table.tsx'
import { rangeOf } from './report-charts.tsx'

type Intervals = NonNullable<Schemas['Model']['intervals']>
type Group = Schemas['CoverageOfGroup']

const columns: Column<Group>[] = [
  { title: 'Training ratings', value: ({ from }) => from, show: rangeOf, isHeader: true },
  {
    title: 'Covered',
    value: ({ covered }) => covered,
    show: ({ covered }) => percent(covered, 1),
    isNumber: true,
  },
  {
    title: 'Mean width',
    value: ({ width }) => width,
    show: ({ width }) => fixed(width, 2),
    isNumber: true,
  },
  {
    title: 'Held out',
    value: ({ rows }) => rows,
    show: ({ rows }) => count(rows),
    isNumber: true,
  },
]

/** Whether the intervals hold what they promise: in all, and for users and movies of few ratings. */
export function IntervalCharts({ intervals }: { intervals: Intervals }) {
  const { levels, byUserRatings, byMovieRatings } = intervals
  const promised = levels.map(({ level }) => level)
  return (
    <>
      <Card>
        <Chart
          title="Calibration of the intervals"
          note="The share of held-out ratings that lie in their interval, against the share that was promised."
          x={{ label: 'promised', values: promised }}
          series={[
            { label: 'as promised', values: promised, tone: 2, isDashed: true },
            {
              label: 'mean width',
              values: levels.map(({ width }) => width),
              tone: 3,
              isRight: true,
            },
            {
              label: 'covered',
              values: levels.map(({ covered }) => covered),
              tone: 1,
              isDots: true,
            },
          ]}
        />
      </Card>
      <Card title="Coverage at 90 %" note="For users and movies with few ratings, too.">
        <Coverage of="users" groups={byUserRatings} />
        <Coverage of="movies" groups={byMovieRatings} />
      </Card>
    </>
  )
}

function Coverage({ of, groups }: { of: string; groups: readonly Group[] }) {
  const seen = groups.filter(({ rows }) => rows > 0)
  if (seen.length === 0) return null
  return (
    <Table
      caption={`Of ${of}, by their training ratings`}
      isCaptionSeen
      columns={columns}
      rows={seen}
      keyOf={({ from }) => from}
      isSortable
    />
  )
}
