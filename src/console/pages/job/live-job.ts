import { useEffect, useState } from 'preact/hooks'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { announce } from '../../state/live-region.ts'
import { api } from '../../state/session.ts'
import { duration, fixed } from '../../text.ts'

export type Job = Schemas['TrainingJob']
type Point = { learningRate: number; loss: number }

/** A job and what it has told so far. */
export type LiveJob = {
  readonly job: Job | null
  readonly progress: Schemas['JobProgress'] | null
  readonly epochs: readonly Schemas['EpochReport'][]
  readonly points: readonly Point[]
  readonly trials: readonly Schemas['Trial'][]
  readonly promotion: Schemas['Promotion'] | null
  readonly error: unknown
}

const nothing: LiveJob = {
  ...{ job: null, progress: null, epochs: [], points: [], trials: [], promotion: null },
  error: undefined,
}

/** Follows a job as long as the page shows it; what comes in one frame of the screen is drawn once. */
export function useLiveJob(id: string): LiveJob {
  const [shown, show] = useState(nothing)
  useEffect(() => {
    const stop = new AbortController()
    let now = nothing
    let frame = 0
    const change = (change: Partial<LiveJob>) => {
      now = { ...now, ...change }
      if (frame === 0)
        frame = requestAnimationFrame(() => {
          frame = 0
          show(now)
        })
    }
    const load = async () => change({ job: await jobOf(id) })
    const follow = async () => {
      await load()
      for await (const event of api.follow(id, { signal: stop.signal })) {
        change(told(now, event))
        if (event.type === 'started') void load().catch(() => {})
        if (event.type === 'epoch') announceEpoch(event.data)
        if (event.type !== 'ended') continue
        await load()
        announce(`The job is ${event.data.state}.`)
      }
    }
    show(nothing)
    follow().catch((error: unknown) => stop.signal.aborted || change({ error }))
    return () => {
      stop.abort()
      cancelAnimationFrame(frame)
    }
  }, [id])
  return shown
}

export async function jobOf(id: string): Promise<Job> {
  return dataOf(api.GET('/v1/training-jobs/{id}', { params: { path: { id } } }))
}

type Event = ReturnType<typeof api.follow> extends AsyncGenerator<infer One> ? One : never

/** What an event changes. After a second `started` what was before it no longer counts, but trials. */
function told(now: LiveJob, { type, data }: Event): Partial<LiveJob> {
  switch (type) {
    case 'started':
      return { epochs: [], points: [] }
    case 'epoch':
      return { epochs: [...now.epochs, data] }
    case 'point':
      return { points: [...now.points, data] }
    case 'trial':
      return {
        trials: [
          ...now.trials.filter(({ trial, round }) => trial !== data.trial || round !== data.round),
          data,
        ],
      }
    case 'promotion':
      return { promotion: data }
    case 'progress':
      return { progress: data }
    case 'ended':
      return {}
  }
}

/** Of many epochs each tenth part is told. */
function announceEpoch({ epoch, epochs, validMse }: Schemas['EpochReport']): void {
  if (epochs > 20 && epoch % Math.ceil(epochs / 10) !== 0) return
  const error = validMse === null ? '' : `, held-out error ${fixed(validMse)}`
  announce(`Epoch ${epoch} of ${epochs}${error}.`)
}

/** "training, epoch 3 of 8, about 40 s left" */
export function progressText({ phase, work, secondsLeft, place }: Schemas['JobProgress']): string {
  const parts: string[] = [phase]
  if (place !== null) parts.push(place === 1 ? 'next in the queue' : `place ${place} in the queue`)
  if (work) parts.push(`${work.done} of ${work.total} ${work.unit}`)
  if (secondsLeft !== null) parts.push(`about ${duration(Math.round(secondsLeft))} left`)
  return parts.join(', ')
}
