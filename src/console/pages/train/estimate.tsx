import { dataOf } from '../../../../clients/typescript/src/client.ts'
import { loadJobs } from '../../state/jobs.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { count, duration } from '../../text.ts'
import type { Algorithm, Kind } from './job-schemas.ts'

type Earlier = { readonly seconds: number; readonly ratings: number | null; readonly now: number }

/** How long the newest completed job of the same kind took, on how many ratings. */
async function earlier(kind: Kind, algorithm: Algorithm): Promise<Earlier | null> {
  const [{ items }, { items: models }, statistics] = await Promise.all([
    loadJobs({ state: ['completed'] }),
    dataOf(api.GET('/v1/models')),
    dataOf(api.GET('/v1/statistics')),
  ])
  const job = items.find((one) => one.kind === kind && one.spec.algorithm === algorithm)
  if (!job?.startedAt || !job.finishedAt) return null
  const model = models.find(({ version }) => version === job.model)
  return {
    seconds: (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1_000,
    ratings: model?.data.ratings ?? null,
    now: statistics.ratings,
  }
}

/** What can be said beforehand of how long it will take: what it took last time, for as many ratings as there are now. */
export function Estimate({ kind, algorithm }: { kind: Kind; algorithm: Algorithm }) {
  const { data } = useAnswer(['estimate', kind, algorithm], () => earlier(kind, algorithm))
  if (data === undefined) return null
  if (data === null)
    return (
      <p class="fine">
        No such job has ended here yet; a second after its start it tells how long it will take.
      </p>
    )
  const { seconds, ratings, now } = data
  const isGrown = ratings !== null && ratings > 0 && Math.abs(now / ratings - 1) > 0.05
  return (
    <p class="fine">
      {isGrown
        ? `About ${duration((seconds * now) / ratings)} with like settings: the last one took ${duration(seconds)} on ${count(ratings)} ratings, and there are ${count(now)} now.`
        : `About ${duration(seconds)} with like settings, as long as the last one.`}
    </p>
  )
}
