import { useSignal } from '@preact/signals'
import { useRef, useState } from 'preact/hooks'
import {
  dataOf,
  eachItem,
  ProblemError,
  type Schemas,
} from '../../../../clients/typescript/src/client.ts'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Failure } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { announce } from '../../state/live-region.ts'
import { type Named, titleOf } from '../../state/movie-names.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { useKept } from '../../state/use-kept.ts'
import { type Model, scaleOf } from '../../state/use-serving.ts'
import { counted, significant } from '../../text.ts'
import { ChangesCard } from './changes-card.tsx'
import { ListCard } from './list-card.tsx'
import { RateCard } from './rate-card.tsx'
import { withFirst } from './stranger.tsx'
import { useSuggestions } from './use-suggestions.ts'

/** So many of the ratings are shown. */
const most = 10_000

/** What was rated on this page for the user; `before` is null where there was no rating. */
type Change = { readonly movie: Named; readonly before: number | null; readonly rating: number }

/** Somebody of the data: ratings are stored as the user's own, and can be taken back. */
export function KnownUser({ userId, model }: { userId: string; model: Model }) {
  const changes = useSignal<readonly Change[]>([])
  const turns = useRef(new Map<string, Promise<void>>())
  const [wanted, setWanted] = useState<readonly Named[]>([])
  const [refused, setRefused] = useState<unknown>()
  const [told, setTold] = useState(0)
  const scale = scaleOf(model)
  const answer = useAnswer([userId, told], (signal) => ratingsOf(userId, signal))
  const rated = { ...answer, data: useKept(answer.data) }
  const list = useSuggestions({ userId }, told)
  const ratings = new Map(rated.data?.map(({ movieId, rating }) => [movieId, rating]))
  for (const { movie, rating } of changes.value) ratings.set(movie.movieId, rating)

  /** One request after another for a movie; of what waits, only the newest is done. */
  const inTurn = (movieId: string, act: () => Promise<void>) => {
    const turn: Promise<void> = (turns.current.get(movieId) ?? Promise.resolve())
      .then(() => (turns.current.get(movieId) === turn ? act() : undefined))
      .catch(setRefused)
    turns.current.set(movieId, turn)
  }
  const tell = async (movieId: string, rating: number | null) => {
    const path = { userId, movieId }
    await dataOf<unknown>(
      rating === null
        ? api.DELETE('/v1/users/{userId}/ratings/{movieId}', { params: { path } })
        : api.PUT('/v1/users/{userId}/ratings/{movieId}', { params: { path }, body: { rating } }),
    )
    setRefused(undefined)
    setTold((last) => last + 1)
  }
  const changesOfOthers = ({ movieId }: Named) =>
    changes.value.filter((one) => one.movie.movieId !== movieId)
  const rate = (movie: Named, rating: number) =>
    inTurn(movie.movieId, async () => {
      const last = changes.value.find((one) => one.movie.movieId === movie.movieId)
      const before = last ? last.before : await ratingOf(userId, movie.movieId)
      await tell(movie.movieId, rating)
      changes.value = [{ movie, before, rating }, ...changesOfOthers(movie)]
    })
  const takeBack = ({ movie, before }: Change) =>
    inTurn(movie.movieId, async () => {
      await tell(movie.movieId, before)
      changes.value = changesOfOthers(movie)
      announce(`The rating of ${titleOf(movie)} is as it was.`)
    })
  return (
    <div class="trial">
      <div class="stack">
        {changes.value.length > 0 && <Changes changes={changes.value} onTakeBack={takeBack} />}
        {refused !== undefined && <Failure error={refused} />}
        {/* A rating is to be seen beside the list before it. */}
        {list.turn && (
          <RateCard
            title={`Rate for user ${userId}`}
            note="A rating is stored as the user’s own and counts at once, for everybody; it can be taken back here."
            scale={scale}
            ratings={ratings}
            wanted={wanted}
            onRate={rate}
          />
        )}
        <a class="jump" href="#list">
          See the list
        </a>
      </div>
      <div class="stack" id="list">
        <ListCard
          title={`The list of user ${userId}`}
          note="From what this user rated, and all that was told since the training."
          list={list}
          scale={scale}
          onSeen={(movie) => setWanted((last) => withFirst(movie, last))}
        />
      </div>
      {list.turn && <ChangesCard turn={list.turn} />}
      <Card title={`What user ${userId} rated`} isWide>
        <Answered answer={rated}>
          {(items) => (
            <>
              <p class="note">{counted(items.length, 'rating')}, the highest first.</p>
              {items.length > 0 && (
                <Table
                  caption={`Ratings of user ${userId}`}
                  columns={columns}
                  rows={items}
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

/** What is stored for the user and the movie now; null where nothing is. */
async function ratingOf(userId: string, movieId: string): Promise<number | null> {
  const params = { path: { userId, movieId } }
  try {
    return (await dataOf(api.GET('/v1/users/{userId}/ratings/{movieId}', { params }))).rating
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null
    throw error
  }
}

type Rating = Schemas['UserRatings']['items'][number]

/** All that the user rated, the highest ratings first. */
async function ratingsOf(userId: string, signal: AbortSignal): Promise<Rating[]> {
  const found: Rating[] = []
  const page = (cursor: string | undefined) => {
    const query = { n: 1_000, ...(cursor !== undefined && { cursor }) }
    const params = { path: { userId }, query }
    return api.GET('/v1/users/{userId}/ratings', { params, signal })
  }
  for await (const rating of eachItem(page)) if (found.push(rating) >= most) break
  return found.sort((a, b) => b.rating - a.rating)
}

const columns: Column<Rating>[] = [
  {
    title: 'Movie',
    value: titleOf,
    show: (movie) => <MovieLink movie={movie} />,
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
