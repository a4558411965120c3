import { useSignal } from '@preact/signals'
import { Link } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { ConfirmButton } from '../../components/confirm.tsx'
import { Badge } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { duration, time } from '../../text.ts'
import { ScheduleForm } from './schedule-form.tsx'

type Schedule = Schemas['TrainingSchedule']

/** Trainings by the clock: when they tick, and what came of the last tick. */
export function SchedulesCard() {
  const schedules = useAnswer(['schedules'], () => dataOf(api.GET('/v1/schedules')), {
    everyMs: 15_000,
  })
  const isOpen = useSignal(false)
  return (
    <Card
      title="Schedules"
      note="Train by the clock where enough has come since, or the model is too old."
      actions={
        <button
          type="button"
          class="quiet"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value
          }}
        >
          {isOpen.value ? 'Close' : 'New schedule'}
        </button>
      }
    >
      {isOpen.value && (
        <ScheduleForm
          onDone={() => {
            isOpen.value = false
            schedules.reload()
          }}
        />
      )}
      <Answered answer={schedules}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No schedule">Trainings happen when somebody asks for them.</Empty>
          ) : (
            <Table
              caption="Schedules"
              columns={[...columns, acts(schedules.reload)]}
              rows={items}
              keyOf={({ name }) => name}
            />
          )
        }
      </Answered>
    </Card>
  )
}

const columns: Column<Schedule>[] = [
  { title: 'Name', value: ({ name }) => name, isHeader: true },
  {
    title: 'Ticks',
    value: ({ cron, timeZone, intervalSeconds }) =>
      cron ? `${cron} (${timeZone})` : `every ${duration(intervalSeconds)}`,
  },
  { title: 'Next', value: ({ nextTick }) => nextTick, show: ({ nextTick }) => time(nextTick) },
  {
    title: 'Trains',
    value: ({ training }) => String(training['algorithm']),
  },
  {
    title: 'Where at least',
    value: ({ minNewRatings, maxModelAgeSeconds }) =>
      `${minNewRatings} new ratings${maxModelAgeSeconds === null ? '' : `, or a model older than ${duration(maxModelAgeSeconds)}`}`,
  },
  {
    title: 'Last tick',
    value: ({ lastTick }) => lastTick?.detail ?? null,
    show: ({ lastTick }) =>
      lastTick === null ? (
        'none yet'
      ) : (
        <>
          <Badge tone={lastTick.outcome === 'queued' ? 'good' : 'neutral'}>
            {lastTick.outcome}
          </Badge>{' '}
          {lastTick.detail} {lastTick.job && <Link href={`/jobs/${lastTick.job}`}>its job</Link>}
        </>
      ),
  },
]

function acts(reload: () => void): Column<Schedule> {
  return {
    title: 'Act',
    value: () => null,
    show: ({ name }) => {
      const params = { params: { path: { name } } }
      return (
        <div class="row">
          <ConfirmButton
            label="Run now"
            class="plain"
            title={`Run ${name} now?`}
            confirm="Run it"
            action={async () => {
              await dataOf(api.POST('/v1/schedules/{name}/run', params))
              reload()
            }}
          >
            It trains whatever is new, but not while a training of it is queued or runs.
          </ConfirmButton>
          <ConfirmButton
            label="Delete"
            class="plain"
            title={`Delete ${name}?`}
            confirm="Delete it"
            isDangerous
            action={async () => {
              await dataOf(api.DELETE('/v1/schedules/{name}', params))
              reload()
            }}
          >
            It ticks no more; a training that it has queued goes on.
          </ConfirmButton>
        </div>
      )
    },
  }
}
