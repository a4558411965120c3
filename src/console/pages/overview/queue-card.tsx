import { Link } from 'wouter-preact'
import { Badge, Bar } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type ListedJob, loadJobs } from '../../state/jobs.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { ago, counted } from '../../text.ts'
import { jobTitle, toneOfState } from '../job/job-words.ts'
import { progressText } from '../job/live-job.ts'

type Jobs = {
  /** What runs, then what waits, the oldest first. */
  readonly open: readonly ListedJob[]
  /** Whether older ones wait, too, of which nothing was told. */
  readonly isCut: boolean
  /** The newest, where nothing is open. */
  readonly last: ListedJob | undefined
}

async function load(): Promise<Jobs> {
  const [running, queued] = await Promise.all([
    loadJobs({ state: ['running'] }),
    loadJobs({ state: ['queued'] }),
  ])
  const open = [...running.items.reverse(), ...queued.items.reverse()]
  const last = open.length > 0 ? [] : (await loadJobs({ n: 1 })).items
  return { open, isCut: queued.nextCursor !== null, last: last[0] }
}

/** What is under way and what waits; the last that ended, where nothing is. */
export function QueueCard() {
  const jobs = useAnswer(['queue'], load, { everyMs: 3_000 })
  return (
    <Card title="Queue" actions={<Link href="/jobs">All jobs</Link>}>
      <Answered answer={jobs}>{(open) => <Queue {...open} />}</Answered>
    </Card>
  )
}

function Queue({ open, isCut, last }: Jobs) {
  const [first] = open
  if (!first && !last)
    return (
      <Empty title="No job yet">
        <Link href="/train">Train a model</Link>
      </Empty>
    )
  if (!first && last)
    return (
      <p>
        Nothing runs. The last one: <Named job={last} />{' '}
        <Badge tone={toneOfState[last.state]}>{last.state}</Badge>{' '}
        {last.finishedAt && ago(last.finishedAt)}
        {last.error && `: ${last.error.detail}`}
      </p>
    )
  const behind = isCut ? `${open.length - 1} or more jobs` : counted(open.length - 1, 'job')
  return (
    <div class="tight">
      <p>
        <Named job={first!} />: {progressText(first!.progress)}
      </p>
      <Bar share={first!.progress.share} label="Done of the job" />
      {open.length > 1 && <p class="note">{behind} behind it.</p>}
    </div>
  )
}

function Named({ job }: { job: ListedJob }) {
  return <Link href={`/jobs/${job.id}`}>{jobTitle(job)}</Link>
}
