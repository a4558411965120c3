import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { api } from '../../state/session.ts'

/** What is shown of a movie in a ranking or a search; figures that it does not have are null. */
export type Ranked = Schemas['Movie'] & {
  readonly ratings: number | null
  readonly meanRating: number | null
  /** What it is ranked by. */
  readonly score: number | null
  /** Of a trend: ratings in the window, and as many as were to be expected. */
  readonly recent?: readonly [ratings: number, expected: number]
}

export type RankedPage = {
  readonly items: readonly Ranked[]
  readonly nextCursor: string | null
  /** What is to be known about the ranking. */
  readonly note?: string
}

export const views = {
  bias: 'By bias',
  mean: 'By mean',
  popular: 'Popular',
  trending: 'Trending',
} as const
export type View = keyof typeof views

export type Asked = {
  readonly title: string
  readonly view: View
  readonly order: 'top' | 'bottom'
  readonly genre: string
  readonly minRatings: number
}

const pageSize = 20
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })

/** A page of the search where a title is asked for, else of a ranking. */
export async function loadRanking(
  { title, view, order, genre, minRatings }: Asked,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<RankedPage> {
  const options = signal ? { signal } : {}
  const kept = {
    n: pageSize,
    ...(genre !== '' && { genres: [genre] }),
    ...(cursor !== undefined && { cursor }),
  }
  if (title !== '') {
    const query = { ...kept, title }
    const { items, nextCursor } = await dataOf(
      api.GET('/v1/movies', { params: { query }, ...options }),
    )
    const unknown = { ratings: null, meanRating: null, score: null }
    return { items: items.map((movie) => ({ ...movie, ...unknown })), nextCursor }
  }
  const query = { ...kept, ...(minRatings > 0 && { minRatings }) }
  if (view === 'bias') {
    const params = { query: { ...query, order } }
    const page = await dataOf(api.GET('/v1/movies/rankings/bias', { params, ...options }))
    return {
      ...page,
      items: page.items.map((movie) => ({ ...movie, score: movie.bias })),
      note:
        page.source === 'model'
          ? 'As the model learnt it, in its own units.'
          : 'Damped, in rating units: the model learns none of its own.',
    }
  }
  if (view === 'mean') {
    const page = await dataOf(
      api.GET('/v1/movies/rankings/mean', { params: { query }, ...options }),
    )
    const items = page.items.map((movie) => ({ ...movie, score: movie.dampedMean }))
    return { ...page, items, note: 'Damped: with few ratings it is drawn to the mean of all.' }
  }
  if (view === 'popular') {
    const page = await dataOf(
      api.GET('/v1/movies/rankings/popular', { params: { query }, ...options }),
    )
    return { ...page, items: page.items.map((movie) => ({ ...movie, score: movie.ratings })) }
  }
  const page = await dataOf(
    api.GET('/v1/movies/rankings/trending', { params: { query }, ...options }),
  )
  return {
    nextCursor: page.nextCursor,
    items: page.items.map(({ trend, recentRatings, expectedRatings, ...movie }) => ({
      ...movie,
      score: trend,
      recent: [recentRatings, expectedRatings] as const,
    })),
    note: page.asOf
      ? `In the 30 days before ${day.format(new Date(page.asOf))}, the day of the newest rating.`
      : 'The ratings have no times, so that nothing trends.',
  }
}
