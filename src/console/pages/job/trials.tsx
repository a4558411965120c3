import { Link } from 'wouter-preact'
import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { ParallelCoordinates } from '../../components/charts/parallel-coordinates.tsx'
import { Card } from '../../components/page.tsx'
import { Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { count, duration, fixed, percent, significant } from '../../text.ts'
import type { Job } from './live-job.ts'

type Trial = Schemas['Trial']
type Props = { readonly trials: readonly Trial[]; readonly job: Extract<Job, { kind: 'tune' }> }

/** The trials of a tuning: each a line through its settings to its error, and a row of a table. */
export function Trials({ trials, job }: Props) {
  const all = trials.length > 0 ? trials : job.result.trials
  const names = [...new Set(all.flatMap(({ settings }) => Object.keys(settings)))].filter(
    (name) => new Set(all.map(({ settings }) => textOf(settings[name]))).size > 1,
  )
  const { winner } = job.result
  const columns: Column<Trial>[] = [
    { title: 'Trial', value: ({ trial }) => trial, isNumber: true, isHeader: true },
    {
      title: 'Held-out MSE',
      value: ({ validMse }) => validMse,
      show: ({ validMse }) => (validMse === null ? 'diverged' : fixed(validMse)),
      isNumber: true,
    },
    ...names.map(
      (name): Column<Trial> => ({
        title: name,
        value: ({ settings }) => plain(settings[name]),
        show: ({ settings }) => textOf(settings[name]),
        isNumber: all.every(({ settings }) => typeof settings[name] === 'number'),
      }),
    ),
    { title: 'Round', value: ({ round }) => round, isNumber: true },
    {
      title: 'Of its epochs',
      value: ({ share }) => share,
      show: ({ share }) => percent(share),
      isNumber: true,
    },
    {
      title: 'Epochs',
      value: ({ epochs }) => epochs,
      show: ({ epochs }) => count(epochs),
      isNumber: true,
    },
    {
      title: 'Took',
      value: ({ seconds }) => seconds,
      show: ({ seconds }) => duration(seconds),
      isNumber: true,
    },
  ]
  const training = winner && JSON.stringify(winner)
  return (
    <Card
      title="Trials"
      note="Each line is a setting, the better its error the stronger; the best are at the top of the last axis."
      actions={
        training && (
          <Link class="primary button" href={`/train?job=${encodeURIComponent(training)}`}>
            Train the best
          </Link>
        )
      }
    >
      {all.length === 0 ? (
        <Empty title="No trial has ended yet" />
      ) : (
        <>
          <ParallelCoordinates
            title="Settings and errors of the trials"
            axes={[
              ...names.map((name) => ({
                name,
                values: all.map(({ settings }) => plain(settings[name])),
              })),
              {
                name: 'held-out MSE',
                values: all.map(({ validMse }) => validMse),
                isFlipped: true,
              },
            ]}
          />
          <Table
            caption="Trials"
            columns={columns}
            rows={all}
            keyOf={({ trial, round }) => `${trial} ${round}`}
            isSortable
            isLow
          />
        </>
      )}
    </Card>
  )
}

type Setting = Trial['settings'][string] | undefined

function plain(value: Setting): string | number | null {
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
}

function textOf(value: Setting): string {
  const known = plain(value)
  return typeof known === 'number' ? significant(known, 4) : (known ?? '–')
}
