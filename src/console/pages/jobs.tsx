import { useState } from 'preact/hooks'
import { Link, useParams } from 'wouter-preact'
import { Badge } from '../components/figures.tsx'
import { Card, Page } from '../components/page.tsx'
import { Answered, Empty } from '../components/states.tsx'
import { type Column, Table } from '../components/table.tsx'
import { type ListedJob as Job, runningAndNewest } from '../state/jobs.ts'
import { useAnswer } from '../state/use-answer.ts'
import { useKept } from '../state/use-kept.ts'
import { duration, percent, time } from '../text.ts'
import { JobView } from './job/job-view.tsx'
import { jobTitle, toneOfState } from './job/job-words.ts'
import { progressText } from './job/live-job.ts'

/** The queue, or, with the id of a job in the address, that job. */
export function JobsPage() {
  const id = useParams()['*']
  return id ? <JobView id={id} /> : <JobList />
}

/** The queue, and what has become of the jobs before. */
function JobList() {
  const [wanted, setWanted] = useState(100)
  const jobs = useAnswer(['jobs', wanted], () => runningAndNewest(wanted), { everyMs: 2_000 })
  // What is shown stays while more of it comes.
  const data = useKept(jobs.data)
  return (
    <Page
      title="Jobs"
      lead="Trainings, searches and tunings: what runs, what waits, and why something failed."
      actions={
        <Link class="primary button" href="/train">
          Ask for a job
        </Link>
      }
    >
      <Card>
        <Answered answer={{ ...jobs, data }}>
          {({ items, hasMore }) =>
            items.length === 0 ? (
              <Empty title="No job yet">
                <Link href="/train">Train a model</Link>
              </Empty>
            ) : (
              <>
                <Table
                  caption="Jobs: those that run, then the newest first"
                  columns={columns}
                  rows={items}
                  keyOf={(job) => job.id}
                  isSortable
                />
                {hasMore && (
                  <button type="button" class="quiet" onClick={() => setWanted(wanted + 100)}>
                    Show more
                  </button>
                )}
              </>
            )
          }
        </Answered>
      </Card>
    </Page>
  )
}

const columns: Column<Job>[] = [
  {
    title: 'Job',
    value: jobTitle,
    show: (job) => <Link href={`/jobs/${job.id}`}>{jobTitle(job)}</Link>,
    isHeader: true,
  },
  {
    title: 'State',
    value: ({ state }) => state,
    show: ({ state, progress }) => (
      <Badge tone={toneOfState[state]}>
        {state === 'running' ? `running, ${percent(progress.share)}` : state}
      </Badge>
    ),
  },
  { title: 'What came of it', value: outcome, show: (job) => <Outcome job={job} /> },
  {
    title: 'Asked for',
    value: ({ createdAt }) => createdAt,
    show: ({ createdAt }) => time(createdAt),
  },
  {
    title: 'By',
    value: ({ schedule, askedBy }) => (schedule ? `schedule ${schedule}` : askedBy),
  },
  {
    title: 'Took',
    value: seconds,
    show: (job) => duration(seconds(job)),
    isNumber: true,
  },
]

function seconds({ startedAt, finishedAt }: Job): number | null {
  if (startedAt === null) return null
  return (
    ((finishedAt === null ? Date.now() : Date.parse(finishedAt)) - Date.parse(startedAt)) / 1_000
  )
}

/** What there is to say of a job, in words. */
function outcome(job: Job): string {
  if (job.state === 'queued' || job.state === 'running') return progressText(job.progress)
  if (job.error) return job.error.detail
  if (job.promotion) return job.promotion.reason
  return job.model ?? ''
}

function Outcome({ job }: { job: Job }) {
  return (
    <>
      {job.model && <Link href={`/models/${job.model}`}>{job.model}</Link>} {outcome(job)}{' '}
      {job.error && <a href={`/docs/errors#${job.error.code}`}>{job.error.code}</a>}
    </>
  )
}
