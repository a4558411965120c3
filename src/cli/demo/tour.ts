import type { ModelCard } from '../../model/card.ts'
import type { EpochReport } from '../../model/epoch-report.ts'
import type { JobProgress } from '../../model/progress.ts'
import { createProgressBar } from '../progress-bar.ts'
import type { Api } from './api.ts'

type Report = { accepted: number; refused: number }
type Ranked = { displayTitle: string | null; bias: number; meanRating: number; ratings: number }
type Recommended = { displayTitle: string | null; year: number | null; rating: number }
type Print = (line: string) => void

const userId = '15'

/** The main job, step by step over HTTP: import, train, rank, recommend. */
export async function runTour(api: Api, zip: Uint8Array, print: Print): Promise<void> {
  await api.waitFor('/health/live')
  const { ratings, movies } = await api.upload<{ ratings: Report; movies: Report }>(
    '/v1/import',
    zip,
  )
  print(`Imported the sample: ${lines(ratings)} of ratings, ${lines(movies)} of movies.`)

  const job = await api.post<{ id: string }>('/v1/training-jobs', { algorithm: 'dot-bias' })
  print(`\nTraining job ${job.id} (dot-bias, 80 % of the ratings; the rest is held out):\n`)
  const version = await followTraining(api, job.id, print)
  await modelServes(api, version)
  printCard(await api.get<ModelCard>(`/v1/models/${version}`), print)

  for (const order of ['top', 'bottom']) {
    const ranking = await api.get<{ items: Ranked[] }>(
      `/v1/movies/rankings/bias?order=${order}&n=15`,
    )
    print(`\nThe 15 ${order} movies by bias, among the 3,000 most rated:\n`)
    for (const { displayTitle, bias, meanRating, ratings: count } of ranking.items)
      print(
        `  ${bias.toFixed(3).padStart(7)}  ${displayTitle} (mean ${meanRating.toFixed(2)} of ${count} ratings)`,
      )
  }

  const path = `/v1/users/${userId}/recommendations?n=10`
  const { items } = await api.get<{ items: Recommended[] }>(path)
  print(`\nTen recommendations for user ${userId}, the best first, with their predicted ratings:\n`)
  for (const { displayTitle, year, rating } of items)
    print(`  ${rating.toFixed(2)}  ${displayTitle}${year === null ? '' : ` (${year})`}`)
  printExamples(api.base, path, print)
}

/** Shows each epoch as it ends; gives the version of the published model. */
async function followTraining(api: Api, id: string, print: Print): Promise<string> {
  const bar = createProgressBar(process.stdout)
  print('  epoch   train MSE   held-out MSE   rate       ratings/s')
  for await (const { event, data } of api.events(`/v1/training-jobs/${id}/events`)) {
    if (event === 'progress') bar.update(data as JobProgress)
    if (event !== 'epoch') continue
    const { epoch, epochs, trainMse, validMse, learningRate, ratingsPerSecond } =
      data as EpochReport
    bar.clear()
    print(
      `  ${`${epoch}/${epochs}`.padEnd(8)}${trainMse.toFixed(4).padEnd(12)}${(validMse ?? 0).toFixed(4).padEnd(15)}${(learningRate?.toExponential(2) ?? '').padEnd(11)}${Math.round(ratingsPerSecond).toLocaleString('en')}`,
    )
  }
  bar.clear()
  const job = await api.get<{
    state: string
    model: string | null
    error: { detail: string } | null
  }>(`/v1/training-jobs/${id}`)
  if (job.model === null) throw new Error(`The training ${job.state}: ${job.error?.detail}`)
  return job.model
}

/** The API looks for a new model every second. */
async function modelServes(api: Api, version: string): Promise<void> {
  for (;;) {
    await api.waitFor('/health/ready')
    const { model } = await api.get<{ model: string }>('/health/ready')
    if (model === version) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function printCard(
  { metrics, rankingMetrics, baselines, engine, backend, device, trainSeconds }: ModelCard,
  print: Print,
) {
  print(`\nTrained in ${trainSeconds.toFixed(1)} s by ${engine} on ${backend} (${device}).`)
  if (!metrics || !baselines) return
  const rows = { 'dot-bias': metrics, ...baselines }
  print(`On ${metrics.rows.toLocaleString('en')} held-out ratings:\n`)
  print('                RMSE     MSE      MAE')
  for (const [name, { rmse, mse, mae }] of Object.entries(rows))
    print(`  ${name.padEnd(14)}${[rmse, mse, mae].map((value) => value.toFixed(4)).join('   ')}`)
  if (rankingMetrics)
    print(
      `\nIts lists of ten on them: NDCG ${rankingMetrics['ndcg@10'].toFixed(3)}, a hit for ${Math.round(100 * rankingMetrics['hit@10'])} % of the users.`,
    )
}

function printExamples(base: string, recommendations: string, print: Print): void {
  print('\nTry it:\n')
  for (const path of [
    `/v1/users/${userId}/predictions/318`,
    recommendations,
    '/v1/movies/rankings/bias?order=bottom&n=5&genres=Horror',
    '/v1/movies?title=matrix',
  ])
    print(`  curl '${base}${path}'`)
  const job = JSON.stringify({ algorithm: 'net', epochs: 3 })
  print(`  curl -X POST '${base}/v1/training-jobs' -H 'content-type: application/json' -d '${job}'`)
}

function lines({ accepted, refused }: Report): string {
  const count = accepted.toLocaleString('en')
  return refused === 0 ? `${count} lines` : `${count} lines (${refused} refused)`
}
