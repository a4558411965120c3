import { Link } from 'wouter-preact'
import { dataOf } from '../../../../clients/typescript/src/client.ts'
import { ConfirmButton } from '../../components/confirm.tsx'
import { CopyCurl } from '../../components/copy.tsx'
import { Badge, Bar, Figures } from '../../components/figures.tsx'
import { Card, Page } from '../../components/page.tsx'
import { Failure, Loading } from '../../components/states.tsx'
import { api } from '../../state/session.ts'
import { ago, count, duration, percent, time } from '../../text.ts'
import { LossCharts } from './curves.tsx'
import { jobTitle, requestOf, toneOfState } from './job-words.ts'
import { type Job, type LiveJob, progressText, useLiveJob } from './live-job.ts'
import { RateSearch } from './rate-search.tsx'
import { Trials } from './trials.tsx'

/** One job, as it runs or as it ended. */
export function JobView({ id }: { id: string }) {
  const live = useLiveJob(id)
  const { job, error } = live
  const title = job ? jobTitle(job) : 'Job'
  return (
    <Page
      title={title}
      lead={
        <>
          <code>{id}</code> {job && <Badge tone={toneOfState[job.state]}>{job.state}</Badge>}
        </>
      }
      actions={job && <Actions job={job} />}
    >
      {error !== undefined && <Failure error={error} />}
      {job === null && error === undefined && <Loading />}
      {job && (
        <div class="stack">
          <State live={live} job={job} />
          {job.kind === 'tune' && <Trials trials={live.trials} job={job} />}
          {job.kind === 'find-rate' && <RateSearch points={live.points} job={job} />}
          {live.epochs.length > 0 && <LossCharts epochs={live.epochs} />}
          <Settings job={job} />
        </div>
      )}
    </Page>
  )
}

function Actions({ job }: { job: Job }) {
  const isOpen = job.state === 'queued' || job.state === 'running'
  const request = requestOf(job)
  const cancel = () =>
    dataOf(api.DELETE('/v1/training-jobs/{id}', { params: { path: { id: job.id } } }))
  return (
    <>
      <CopyCurl call={{ method: 'POST', path: '/v1/training-jobs', body: request }} />
      <Link class="quiet button" href={`/train?job=${encodeURIComponent(JSON.stringify(request))}`}>
        Change and run again
      </Link>
      {isOpen && (
        <ConfirmButton
          label="Cancel"
          title="Cancel this job?"
          confirm="Cancel the job"
          action={cancel}
          isDangerous
        >
          {job.kind === 'train'
            ? 'No model comes of it; the one that serves goes on serving.'
            : 'What it has found so far stays here.'}
        </ConfirmButton>
      )}
    </>
  )
}

function State({ live, job }: { live: LiveJob; job: Job }) {
  const progress = live.progress ?? job.progress
  const promotion = live.promotion ?? job.promotion
  const { epochs } = live
  const last = epochs.at(-1)
  const isOpen = job.state === 'queued' || job.state === 'running'
  const took =
    job.startedAt && job.finishedAt
      ? (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1_000
      : null
  return (
    <Card>
      {isOpen && (
        <>
          <p>{progressText(progress)}</p>
          <Bar share={progress.share} label="Done of the whole job" />
        </>
      )}
      {job.error && (
        <p class="failure">
          {job.error.detail} <a href={`/docs/errors#${job.error.code}`}>{job.error.code}</a>
        </p>
      )}
      {job.model && (
        <p class={promotion?.promoted ? 'notice good' : 'notice'}>
          Model <Link href={`/models/${job.model}`}>{job.model}</Link>{' '}
          {promotion === null
            ? 'is published.'
            : `${promotion.promoted ? 'serves' : 'does not serve'}: ${promotion.reason}`}
        </p>
      )}
      <Figures
        figures={[
          {
            name: isOpen ? 'Done' : 'Took',
            value: isOpen ? percent(progress.share) : duration(took),
          },
          ...(last
            ? [
                { name: 'Epoch', value: `${last.epoch} of ${last.epochs}` },
                { name: 'Ratings a second', value: count(last.ratingsPerSecond) },
              ]
            : []),
          { name: 'Asked for', value: ago(job.createdAt), note: askedText(job) },
          {
            name: 'Worker',
            value: progress.worker?.host ?? '–',
            note: [progress.engine, progress.device].filter(Boolean).join(' · '),
          },
          ...(job.attempts > 1 ? [{ name: 'Attempts', value: count(job.attempts) }] : []),
        ]}
      />
    </Card>
  )
}

function askedText({ createdAt, askedBy, schedule }: Job): string {
  const by = schedule ? `, by schedule ${schedule}` : askedBy ? `, by ${askedBy}` : ''
  return time(createdAt) + by
}

function Settings({ job }: { job: Job }) {
  return (
    <Card>
      <details>
        <summary>What was asked for</summary>
        <pre>{JSON.stringify(requestOf(job), null, 2)}</pre>
      </details>
    </Card>
  )
}
