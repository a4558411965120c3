import { useState } from 'preact/hooks'
import { useSearchParams } from 'wouter-preact'
import { dataOf } from '../../../../clients/typescript/src/client.ts'
import { CopyCurl } from '../../components/copy.tsx'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Stars } from '../../components/stars.tsx'
import { type Named, titleOf } from '../../state/movie-names.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { useKept } from '../../state/use-kept.ts'
import { type Model, scaleOf } from '../../state/use-serving.ts'
import { ChangesCard } from './changes-card.tsx'
import { ListCard } from './list-card.tsx'
import { RateCard } from './rate-card.tsx'
import type { Told } from './trial.ts'
import { useSuggestions } from './use-suggestions.ts'

/** Somebody whom the model does not know: the address has the ratings, nothing is stored. */
export function Stranger({ model }: { model: Model }) {
  const [search, setSearch] = useSearchParams()
  const told = ratingsOf(search)
  const [wanted, setWanted] = useState<readonly Named[]>([])
  const scale = scaleOf(model)
  const list = useSuggestions({ ratings: told })
  const rate = (ratings: readonly Told[]) =>
    setSearch(
      ratings.map(({ movieId, rating }) => ['rate', `${movieId}:${rating}`]),
      {
        replace: true,
      },
    )
  const rateOne = ({ movieId }: { movieId: string }, rating: number) =>
    rate(
      told.some((one) => one.movieId === movieId)
        ? told.map((one) => (one.movieId === movieId ? { movieId, rating } : one))
        : [...told, { movieId, rating }],
    )
  return (
    <div class="trial">
      <div class="stack">
        <RateCard
          title="Rate a few movies"
          note="Three or four are enough to begin with; nothing is stored."
          scale={scale}
          ratings={new Map(told.map(({ movieId, rating }) => [movieId, rating]))}
          wanted={wanted}
          onRate={rateOne}
        />
        {told.length > 0 && <Rated told={told} scale={scale} onRate={rateOne} onChange={rate} />}
        <a class="jump" href="#list">
          See the list
        </a>
      </div>
      <div class="stack" id="list">
        <ListCard
          title="Your list"
          list={list}
          scale={scale}
          onSeen={(movie) => setWanted((last) => withFirst(movie, last))}
        />
        {told.length > 0 && (
          <div class="actions">
            <CopyCurl
              call={{
                method: 'POST',
                path: '/v1/recommendations',
                body: { ratings: told, n: 12, explain: true },
              }}
            />
          </div>
        )}
      </div>
      {list.turn && <ChangesCard turn={list.turn} />}
    </div>
  )
}

type RatedProps = {
  readonly told: readonly Told[]
  readonly scale: readonly [number, number]
  readonly onRate: (movie: Told, rating: number) => void
  readonly onChange: (told: readonly Told[]) => void
}

/** What was rated, to be changed or taken back. */
function Rated({ told, scale, onRate, onChange }: RatedProps) {
  const ids = told.map(({ movieId }) => movieId)
  const answer = useAnswer(ids, (signal) =>
    dataOf(api.GET('/v1/movies', { params: { query: { ids } }, signal })),
  )
  const names = new Map(useKept(answer.data)?.items.map((movie) => [movie.movieId, movie]))
  return (
    <Card
      title={`Your ratings (${told.length})`}
      actions={
        <button type="button" class="plain" onClick={() => onChange([])}>
          Start over
        </button>
      }
    >
      <ul class="rate">
        {told.map((one) => {
          const movie = names.get(one.movieId) ?? { ...one, displayTitle: null }
          return (
            <li key={one.movieId}>
              <span>
                <MovieLink movie={movie} />
              </span>
              <span class="row">
                <Stars
                  title={titleOf(movie)}
                  scale={scale}
                  value={one.rating}
                  onRate={(rating) => onRate(one, rating)}
                />
                <button
                  type="button"
                  class="plain"
                  onClick={() => onChange(told.filter((other) => other !== one))}
                >
                  Take back<span class="unseen"> the rating of {titleOf(movie)}</span>
                </button>
              </span>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

/** `rate=318:5` for each rating; what is none is left out. */
function ratingsOf(search: URLSearchParams): Told[] {
  const told = search.getAll('rate').flatMap((text) => {
    const cut = text.lastIndexOf(':')
    const rating = Number.parseFloat(text.slice(cut + 1))
    return cut > 0 && Number.isFinite(rating) ? [{ movieId: text.slice(0, cut), rating }] : []
  })
  return [...new Map(told.map((one) => [one.movieId, one])).values()]
}

/** The newest first, each once. */
export function withFirst(movie: Named, last: readonly Named[]): Named[] {
  return [movie, ...last.filter(({ movieId }) => movieId !== movie.movieId)]
}
