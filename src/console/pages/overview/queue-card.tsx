import { Link } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Badge, Bar } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { ago, counted } from '../../text.ts'
import { jobTitle, toneOfState } from '../job/job-words.ts'
import { progressText } from '../job/live-job.ts'

type Jobs = Schemas['TrainingJobList']['items']

/** As many as the API tells of, the newest. */
const most = 100

/** What is under way and what waits; the last that ended, where nothing is. */
export function QueueCard() {
  const jobs = useAnswer(
    ['jobs', most],
    () => dataOf(api.GET('/v1/training-jobs', { params: { query: { n: most } } })),
    { everyMs: 3_000 },
  )
  return (
    <Card title="Queue" actions={<Link href="/jobs">All jobs</Link>}>
      <Answered answer={jobs}>{({ items }) => <Queue jobs={items} />}</Answered>
    </Card>
  )
}

function Queue({ jobs }: { jobs: Jobs }) {
  const open = jobs.filter(({ state }) => state === 'running' || state === 'queued').reverse()
  const [last] = jobs
  if (!last)
    return (
      <Empty title="No job yet">
        <Link href="/train">Train a model</Link>
      </Empty>
    )
  if (open.length === 0)
    return (
      <p>
        Nothing runs. The last one: <Named job={last} />{' '}
        <Badge tone={toneOfState[last.state]}>{last.state}</Badge>{' '}
        {last.finishedAt && ago(last.finishedAt)}
        {last.error && `: ${last.error.detail}`}
      </p>
    )
  const running = open.find(({ state }) => state === 'running') ?? open[0]
  // Older ones, of which nothing was told, then wait, too.
  const isCut = jobs.length === most && open[0] === jobs.at(-1)
  const behind = isCut ? `${open.length - 1} or more jobs` : counted(open.length - 1, 'job')
  return (
    <div class="tight">
      <p>
        <Named job={running!} />: {progressText(running!.progress)}
      </p>
      <Bar share={running!.progress.share} label="Done of the job" />
      {open.length > 1 && <p class="note">{behind} behind it.</p>}
    </div>
  )
}

function Named({ job }: { job: Jobs[number] }) {
  return <Link href={`/jobs/${job.id}`}>{jobTitle(job)}</Link>
}
