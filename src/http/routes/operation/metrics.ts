import { Counter, Gauge, type Registry } from 'prom-client'
import type { Live } from '../../../live/live.ts'
import type { LivePosition } from '../../../live/live-event.ts'
import type { ModelCard } from '../../../model/card.ts'
import type { TrainingQueue } from '../../../queue/producer/training-queue.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { StoreHealth } from '../../../storage/integrity/store-health.ts'
import type { App } from '../../app-type.ts'

type Deps = {
  register: Registry
  serving: Serving
  queue: TrainingQueue
  live: Pick<Live, 'newest' | 'facts'>
  health: StoreHealth
}

/**
 * `/metrics`, for whoever may read: it tells what the answers to readers tell, too. It is answered in
 * overload, and is no part of the OpenAPI document, since it has a format of its own.
 */
export function metricsRoutes(app: App, deps: Deps): void {
  const { register, queue } = deps
  const look = serviceMetrics(deps)
  const config = { access: 'read', isProbe: true }
  app.get('/metrics', { config, schema: { hide: true } }, async (_, reply) => {
    const [jobs] = await Promise.all([queue.metrics().catch(() => ''), look()])
    return reply.type(register.contentType).send(`${await register.metrics()}${jobs}\n`)
  })
}

/** Figures of the service, which are looked up when they are asked for. */
function serviceMetrics({ register, serving, queue, live, health }: Deps): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [register] })
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [register] })

  const model = gauge(
    'marquee_model_info',
    'The model that serves; 1.',
    'version',
    'algorithm',
    'engine',
  )
  const trained = gauge('marquee_model_trained_timestamp_seconds', 'When it was published.')
  const rmse = gauge(
    'marquee_model_rmse',
    'Its error, in rating units: "valid" on held-out ratings, "train" while it was fitted.',
    'split',
  )
  const baseline = gauge(
    'marquee_model_baseline_rmse',
    'The error of simple predictors on the same held-out ratings.',
    'baseline',
  )
  const refused = gauge(
    'marquee_model_refused',
    '1 while what is to serve cannot, and another does.',
  )
  const movies = gauge('marquee_catalogue_movies', 'Movies that the catalogue knows.')
  const told = counter(
    'marquee_ratings_accepted_total',
    'Ratings told to this process, alone or in batches; imports are none.',
  )
  const overlay = gauge(
    'marquee_ratings_overlay_entries',
    'Ratings beside the model, which its data lack.',
  )
  const lag = gauge(
    'marquee_ratings_stream_lag_entries',
    'Live events that this process has not followed yet; not there without Redis.',
  )
  const gaps = counter('marquee_ratings_stream_gaps_total', 'Gaps of live events that are lost.')
  const redis = gauge('marquee_redis_up', 'Whether Redis takes writes.')
  const store = gauge('marquee_store_up', 'Whether the store takes writes and has room.')
  const damaged = gauge('marquee_store_damaged_files', 'Files of the store that are damaged.')
  const workers = gauge('marquee_workers', 'Workers that are there; not there without Redis.')

  const showModel = (card: ModelCard | undefined) => {
    for (const one of [model, rmse, baseline]) one.reset()
    if (!card) return trained.remove()
    const { version, engine, spec, metrics, baselines, epochs, createdAt } = card
    model.set({ version, algorithm: spec.algorithm, engine }, 1)
    trained.set(Date.parse(createdAt) / 1_000)
    if (metrics) rmse.set({ split: 'valid' }, metrics.rmse)
    const last = epochs.at(-1)
    if (last) rmse.set({ split: 'train' }, Math.sqrt(last.trainMse))
    for (const [name, errors] of Object.entries(baselines ?? {}))
      baseline.set({ baseline: name }, errors.rmse)
  }

  return async () => {
    const [redisState, takesWrites, newest, reports] = await Promise.all([
      queue.redis(),
      health.fault().then(
        (fault) => fault === null,
        () => false,
      ),
      live.newest().catch(() => undefined),
      queue.workers().catch(() => undefined),
    ])
    const facts = live.facts()
    const status = serving.status()
    showModel(serving.findSnapshot()?.card)
    refused.set(Number(status.refusal !== null || status.catalogueRefusal !== null))
    movies.set(serving.catalogue().size)
    overlay.set(serving.live.size)
    move(told, facts.told)
    move(gaps, facts.gaps)
    redis.set(Number(redisState.isUsable))
    store.set(Number(takesWrites))
    damaged.set(new Set([...health.damage().keys(), ...status.damaged.map(({ key }) => key)]).size)
    setOrLeaveOut(lag, newest === undefined ? undefined : behind(newest, facts.position))
    setOrLeaveOut(workers, reports?.length)
  }
}

/** How many events there are after a position. */
function behind(newest: LivePosition | null, position: LivePosition | null): number {
  if (newest === null) return 0
  return position?.epoch === newest.epoch ? Math.max(0, newest.seq - position.seq) : newest.seq
}

/** Sets a counter to what was counted elsewhere. */
function move(counter: Counter, to: number): void {
  counter.reset()
  counter.inc(to)
}

function setOrLeaveOut(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove()
  else gauge.set(value)
}
