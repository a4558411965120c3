import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import {
  createMarquee,
  dataOf,
  eachItem,
  ProblemError,
} from '../../clients/typescript/src/client.ts'

/** What script.py does, by the client for TypeScript: the two tell the same. */
export async function runScript(baseUrl: string, key: string, folder: string, job: object) {
  const marquee = createMarquee({ baseUrl, key })
  const told: Record<string, unknown> = {}

  const importFile = async (path: '/v1/ratings/import' | '/v1/movies/import', name: string) => {
    const bodySerializer = (body: unknown) => body as Blob
    const headers = { 'content-type': 'application/octet-stream' }
    const body = (await openAsBlob(join(folder, name))) as never
    return dataOf(marquee.POST(path, { body, bodySerializer, headers }))
  }
  const movies = await importFile('/v1/movies/import', 'movies.csv')
  const ratings = await importFile('/v1/ratings/import', 'ratings.csv')
  told['imports'] = [movies, ratings]

  const { id } = await dataOf(marquee.POST('/v1/training-jobs', { body: job as never }))
  const events: unknown[] = []
  for await (const { type, data } of marquee.follow(id))
    if (type !== 'progress' && type !== 'promotion') events.push([type, data])
  told['events'] = events
  const { state, model } = await dataOf(
    marquee.GET('/v1/training-jobs/{id}', { params: { path: { id } } }),
  )
  const version = model ?? ''
  await dataOf(marquee.POST('/v1/models/{version}/promote', { params: { path: { version } } }))
  told['state'] = state

  const userId = '15'
  told['prediction'] = await dataOf(
    marquee.GET('/v1/users/{userId}/predictions/{movieId}', {
      params: { path: { userId, movieId: '318' }, query: { interval: 0.9 } },
    }),
  )
  told['predictions'] = await dataOf(
    marquee.POST('/v1/predictions', { body: { userId, movieIds: ['318', '858', 'none'] } }),
  )

  const recommend = (userId: string) => {
    const query = { n: 5, genres: ['Drama', 'Comedy'], minRatings: 2, explain: true }
    const path = '/v1/users/{userId}/recommendations'
    return dataOf(marquee.GET(path, { params: { path: { userId }, query } }))
  }
  const list = await recommend(userId)
  const path = { userId, movieId: list.items[0]?.movieId ?? '' }
  const ratingPath = '/v1/users/{userId}/ratings/{movieId}'
  await dataOf(marquee.PUT(ratingPath, { params: { path }, body: { rating: 1.5 } }))
  told['lists'] = [list, await recommend(userId)]
  await dataOf(marquee.DELETE(ratingPath, { params: { path } }))

  const found: string[] = []
  for await (const movie of eachItem((cursor) => {
    const query = { title: 'star', n: 10, ...(cursor && { cursor }) }
    return marquee.GET('/v1/movies', { params: { query } })
  }))
    found.push(movie.movieId)
  told['pages'] = found

  // Refused once for want of time, by what is between.
  told['genres'] = await dataOf(marquee.GET('/v1/genres'))

  const problems: unknown[] = []
  const refusals = [
    () => dataOf(marquee.GET('/v1/movies/{movieId}', { params: { path: { movieId: 'none' } } })),
    () => dataOf(marquee.PUT(ratingPath, { params: { path }, body: { rating: 77 } })),
  ]
  for (const ask of refusals)
    await ask().catch((error: unknown) => {
      if (!(error instanceof ProblemError)) throw error
      const { status, problem, message, requestId } = error
      const isNamed = problem?.instance === `#${requestId}`
      problems.push([status, problem?.code, problem?.errors, message, isNamed])
    })
  told['problems'] = problems

  const eve = { userId: 'eve/1' }
  const body = ['318', '858', '296'].map((movieId) => ({ ...eve, movieId, rating: 5 }))
  const batch = await dataOf(marquee.POST('/v1/ratings/batch', { body: body as never }))
  const known = () =>
    dataOf(marquee.GET('/v1/users/{userId}/ratings', { params: { path: eve, query: { n: 2 } } }))
  const before = (await known()).items.map(({ movieId, rating }) => [movieId, rating])
  const erasure = await dataOf(marquee.DELETE('/v1/users/{userId}', { params: { path: eve } }))
  const receiptOf = { params: { path: { id: erasure.id } } }
  let receipt = erasure
  while (receipt.finishedAt === null) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    receipt = await dataOf(marquee.GET('/v1/erasures/{id}', receiptOf))
  }
  told['erased'] = [batch, before, receipt.steps.map(({ step }) => step), (await known()).items]

  for (const { segment } of [ratings, movies])
    await dataOf(marquee.DELETE('/v1/imports/{id}', { params: { path: { id: segment } } }))
  return told
}
