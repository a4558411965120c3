import { useEffect, useRef, useState } from 'preact/hooks'
import { Meter } from '../../components/meter.tsx'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty, Failure } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { titleOf } from '../../state/movie-names.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { count, fixed } from '../../text.ts'
import { type Asked, loadRanking, type Ranked, type RankedPage } from './rankings.ts'

type Props = { readonly title: string; readonly asked: Asked; readonly isWide?: boolean }

/** A ranking, page by page. */
export function RankingCard({ title, asked, isWide = false }: Props) {
  const first = useAnswer([asked], (signal) => loadRanking(asked, undefined, signal))
  const [more, setMore] = useState<readonly RankedPage[]>([])
  const [error, setError] = useState<unknown>()
  const [isLoading, setIsLoading] = useState(false)
  const asking = useRef(new AbortController())
  useEffect(() => {
    setMore([])
    setError(undefined)
    setIsLoading(false)
    asking.current = new AbortController()
    return () => asking.current.abort()
  }, [first.data])
  const pages = first.data ? [first.data, ...more] : []
  const rows = pages.flatMap(({ items }) => items).map((movie, i) => ({ ...movie, place: i + 1 }))
  const next = pages.at(-1)?.nextCursor ?? null
  const load = (cursor: string) => {
    const { signal } = asking.current
    const settle = (then: () => void) => {
      // It belongs to another ranking than is shown now.
      if (signal.aborted) return
      setIsLoading(false)
      then()
    }
    setIsLoading(true)
    setError(undefined)
    loadRanking(asked, cursor, signal).then(
      (page) => settle(() => setMore((last) => [...last, page])),
      (problem: unknown) => settle(() => setError(problem)),
    )
  }
  return (
    <Card title={title} note={first.data?.note} isWide={isWide}>
      <Answered answer={first}>
        {() =>
          rows.length === 0 ? (
            <Empty title="No movie">Ask for fewer ratings, another genre or another title.</Empty>
          ) : (
            <Table
              caption={title}
              columns={columnsOf(asked, rows)}
              rows={rows}
              keyOf={({ movieId }) => movieId}
            />
          )
        }
      </Answered>
      {error !== undefined && <Failure error={error} />}
      {next !== null && (
        <button type="button" class="quiet" disabled={isLoading} onClick={() => load(next)}>
          Show more
        </button>
      )}
    </Card>
  )
}

type Row = Ranked & { readonly place: number }

const movieColumn: Column<Row> = {
  title: 'Movie',
  value: titleOf,
  show: (movie) => <MovieLink movie={movie} />,
  isHeader: true,
}
const ratingsColumn: Column<Row> = {
  title: 'Ratings',
  value: ({ ratings }) => ratings,
  show: ({ ratings }) => count(ratings),
  isNumber: true,
}
const meanColumn: Column<Row> = {
  title: 'Mean',
  value: ({ meanRating }) => meanRating,
  show: ({ meanRating }) => fixed(meanRating, 2),
  isNumber: true,
}

function columnsOf({ title, view }: Asked, rows: readonly Row[]): Column<Row>[] {
  const place: Column<Row> = { title: '#', value: (row) => row.place, isNumber: true }
  const genres: Column<Row> = {
    title: 'Genres',
    value: (row) => row.genres.join(', '),
    show: (row) => <span class="fine">{row.genres.join(', ')}</span>,
  }
  if (title !== '') return [movieColumn, genres]
  const scores = rows.map(({ score }) => score ?? 0)
  const [from, to] = [Math.min(0, ...scores), Math.max(0, ...scores)]
  const score = (name: string, digits: number): Column<Row> => ({
    title: name,
    value: (row) => row.score,
    show: (row) => (
      <span class="measured">
        <Meter value={row.score ?? 0} from={from} to={to} />
        {fixed(row.score, digits)}
      </span>
    ),
    isNumber: true,
  })
  if (view === 'bias') return [place, movieColumn, score('Bias', 3), meanColumn, ratingsColumn]
  if (view === 'popular') return [place, movieColumn, genres, meanColumn, score('Ratings', 0)]
  if (view === 'mean')
    return [place, movieColumn, genres, score('Damped mean', 3), meanColumn, ratingsColumn]
  return [
    place,
    movieColumn,
    score('Trend', 2),
    {
      title: 'In these days',
      value: (row) => row.recent?.[0] ?? null,
      show: (row) => count(row.recent?.[0]),
      isNumber: true,
    },
    {
      title: 'Expected',
      value: (row) => row.recent?.[1] ?? null,
      show: (row) => fixed(row.recent?.[1], 2),
      isNumber: true,
    },
    meanColumn,
    ratingsColumn,
  ]
}
