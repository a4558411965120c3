import { useState } from 'preact/hooks'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Failure } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { announce } from '../../state/live-region.ts'
import { type Named, titleOf } from '../../state/movie-names.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { type Model, scaleOf } from '../../state/use-serving.ts'
import { count, significant } from '../../text.ts'
import { ChangesCard } from './changes-card.tsx'
import { ListCard } from './list-card.tsx'
import { RateCard } from './rate-card.tsx'
import { withFirst } from './stranger.tsx'
import { useSuggestions } from './use-suggestions.ts'

const most = 1_000

/** What was rated on this page for the user; `before` is null where there was no rating. */
type Change = { readonly movie: Named; readonly before: number | null; readonly rating: number }

/** Somebody of the data: ratings are stored as the user's own, and can be taken back. */
export function KnownUser({ userId, model }: { userId: string; model: Model }) {
  const [changes, setChanges] = useState<readonly Change[]>([])
  const [wanted, setWanted] = useState<readonly Named[]>([])
  const [refused, setRefused] = useState<unknown>()
  const [told, setTold] = useState(0)
  const scale = scaleOf(model)
  const rated = useAnswer([userId, told], (signal) =>
    dataOf(
      api.GET('/v1/users/{userId}/ratings', {
        params: { path: { userId }, query: { n: most } },
        signal,
      }),
    ),
  )
  const list = useSuggestions({ userId }, told)
  const ratings = new Map(rated.data?.items.map(({ movieId, rating }) => [movieId, rating]))
  for (const { movie, rating } of changes) ratings.set(movie.movieId, rating)

  const tell = async (movieId: string, rating: number | null) => {
    const path = { userId, movieId }
    await dataOf<unknown>(
      rating === null
        ? api.DELETE('/v1/users/{userId}/ratings/{movieId}', { params: { path } })
        : api.PUT('/v1/users/{userId}/ratings/{movieId}', { params: { path }, body: { rating } }),
    )
    setTold((last) => last + 1)
  }
  const rate = (movie: Named, rating: number) => {
    const last = changes.find((change) => change.movie.movieId === movie.movieId)
    const before = last ? last.before : (ratings.get(movie.movieId) ?? null)
    tell(movie.movieId, rating).then(() => {
      setRefused(undefined)
      setChanges((all) => [{ movie, before, rating }, ...all.filter((one) => one !== last)])
    }, setRefused)
  }
  const takeBack = (change: Change) => {
    tell(change.movie.movieId, change.before).then(() => {
      setChanges((all) => all.filter((one) => one !== change))
      announce(`The rating of ${titleOf(change.movie)} is as it was.`)
    }, setRefused)
  }
  return (
    <div class="trial">
      <div class="stack">
        {changes.length > 0 && <Changes changes={changes} onTakeBack={takeBack} />}
        {refused !== undefined && <Failure error={refused} />}
        <RateCard
          title={`Rate for user ${userId}`}
          note="A rating is stored as the user’s own and counts at once, for everybody; it can be taken back here."
          scale={scale}
          ratings={ratings}
          wanted={wanted}
          onRate={rate}
        />
        <a class="jump" href="#list">
          See the list
        </a>
      </div>
      <div class="stack" id="list">
        <ListCard
          title={`The list of user ${userId}`}
          list={list}
          scale={scale}
          onSeen={(movie) => setWanted((last) => withFirst(movie, last))}
        />
      </div>
      {list.turn && <ChangesCard turn={list.turn} />}
      <Card title={`What user ${userId} rated`} isWide>
        <Answered answer={rated}>
          {({ items, nextCursor }) => (
            <>
              <p class="note">
                {nextCursor ? `The first ${count(items.length)} ratings` : count(items.length)}
                {nextCursor ? '.' : items.length === 1 ? ' rating.' : ' ratings.'}
              </p>
              {items.length > 0 && (
                <Table
                  caption={`Ratings of user ${userId}`}
                  columns={columns}
                  rows={[...items].sort((a, b) => b.rating - a.rating)}
                  keyOf={({ movieId }) => movieId}
                  isSortable
                  isLow
                />
              )}
            </>
          )}
        </Answered>
      </Card>
    </div>
  )
}

type Rating = Schemas['UserRatings']['items'][number]
const columns: Column<Rating>[] = [
  {
    title: 'Movie',
    value: ({ title, movieId }) => title ?? movieId,
    show: ({ title, movieId }) => <MovieLink movie={{ movieId, displayTitle: title }} />,
    isHeader: true,
  },
  { title: 'Rating', value: ({ rating }) => rating, isNumber: true },
]

type ChangesProps = {
  readonly changes: readonly Change[]
  readonly onTakeBack: (change: Change) => void
}

function Changes({ changes, onTakeBack }: ChangesProps) {
  return (
    <Card title={`Rated here (${changes.length})`}>
      <ul class="rate">
        {changes.map((change) => (
          <li key={change.movie.movieId}>
            <span>
              <MovieLink movie={change.movie} />{' '}
              <span class="fine">
                {change.before === null ? 'not rated' : significant(change.before, 3)} →{' '}
                {significant(change.rating, 3)}
              </span>
            </span>
            <button type="button" class="plain" onClick={() => onTakeBack(change)}>
              Take back<span class="unseen"> the rating of {titleOf(change.movie)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  )
}
