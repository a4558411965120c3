import { useEffect, useRef, useState } from 'preact/hooks'
import { dataOf } from '../../../../clients/typescript/src/client.ts'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Stars } from '../../components/stars.tsx'
import { Empty, Failure, Loading } from '../../components/states.tsx'
import { type Named, titleOf } from '../../state/movie-names.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { useKept } from '../../state/use-kept.ts'

const rows = 8

type Props = {
  readonly title: string
  readonly note?: string
  readonly scale: readonly [number, number]
  readonly ratings: ReadonlyMap<string, number>
  /** Wanted from elsewhere on the page; the newest first. */
  readonly wanted: readonly Named[]
  readonly onRate: (movie: Named, rating: number) => void
}

/** Movies to rate: what is searched for by its title, else the best known ones. */
export function RateCard({ title, note, scale, ratings, wanted, onRate }: Props) {
  const [typed, setTyped] = useState({ words: '', wanted })
  const [page, setPage] = useState(0)
  // What was typed before a movie was asked for from elsewhere would hide it.
  const words = typed.wanted === wanted ? typed.words : ''
  const text = words.trim()
  const found = useAnswer([text], async (signal) =>
    text === ''
      ? dataOf(api.GET('/v1/movies/rankings/popular', { params: { query: { n: 100 } }, signal }))
      : dataOf(api.GET('/v1/movies', { params: { query: { title: text, n: 100 } }, signal })),
  )
  const items = useKept(found.data)?.items
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    // Whoever asked for a movie goes on with its stars.
    if (wanted.length > 0) list.current?.querySelector('input')?.focus()
  }, [wanted])
  const isWanted = (movie: Named) => wanted.some(({ movieId }) => movieId === movie.movieId)
  const others = items?.filter((movie) => !isWanted(movie)) ?? []
  const shown: Named[] = [
    ...(text === '' ? wanted : []),
    ...others.slice(page * rows, (page + 1) * rows),
  ]
  return (
    <Card title={title} note={note}>
      <div class="field">
        <label for="find">Find a movie by its title</label>
        <input
          id="find"
          type="search"
          value={words}
          autocomplete="off"
          placeholder="matrix"
          onInput={({ currentTarget }) => {
            setTyped({ words: currentTarget.value, wanted })
            setPage(0)
          }}
        />
      </div>
      {found.error !== undefined && <Failure error={found.error} onRetry={found.reload} />}
      {!items && found.error === undefined && <Loading />}
      {items?.length === 0 && (
        <Empty title="No movie is called so">Every word must occur in the title.</Empty>
      )}
      <ul class="rate" ref={list} aria-label={text === '' ? 'Well-known movies' : 'Found movies'}>
        {shown.map((movie) => (
          <li key={movie.movieId}>
            <span>
              <MovieLink movie={movie} />
            </span>
            <Stars
              title={titleOf(movie)}
              scale={scale}
              value={ratings.get(movie.movieId) ?? null}
              onRate={(rating) => onRate(movie, rating)}
            />
          </li>
        ))}
      </ul>
      {others.length > rows && (
        <button
          type="button"
          class="quiet"
          onClick={() => setPage((page + 1) % Math.ceil(others.length / rows))}
        >
          Show others
        </button>
      )}
    </Card>
  )
}
