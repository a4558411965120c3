import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { titleOf } from '../../state/movie-names.ts'
import { fixed } from '../../text.ts'
import { type Suggestions, shownCount } from './trial.ts'
import { placesOf, type Turn } from './use-suggestions.ts'

type Row = {
  readonly movie: Suggestions['items'][number]
  readonly placeBefore: number | null
  readonly place: number | null
  readonly ratingBefore: number | null
  readonly rating: number | null
}

const columns: Column<Row>[] = [
  {
    title: 'Movie',
    value: ({ movie }) => titleOf(movie),
    show: ({ movie }) => <MovieLink movie={movie} />,
    isHeader: true,
  },
  { title: 'Place before', value: ({ placeBefore }) => placeBefore, isNumber: true },
  { title: 'Place now', value: ({ place }) => place, isNumber: true },
  {
    title: 'Predicted before',
    value: ({ ratingBefore }) => ratingBefore,
    show: ({ ratingBefore }) => fixed(ratingBefore, 2),
    isNumber: true,
  },
  {
    title: 'Predicted now',
    value: ({ rating }) => rating,
    show: ({ rating }) => fixed(rating, 2),
    isNumber: true,
  },
]

/** What the last rating did to the list, as a table of all that stand or stood in it. */
export function ChangesCard({ turn: { now, before } }: { turn: Turn }) {
  if (before === null) return null
  return (
    <Card
      title="Before and after the last rating"
      note={`All that are among the first ${shownCount} or were. A dash: not among the first ${now.items.length}, or rated.`}
      isWide
    >
      <Table
        caption="Before and after the last rating"
        columns={columns}
        rows={rowsOf(now, before)}
        keyOf={({ movie }) => movie.movieId}
        isSortable
      />
    </Card>
  )
}

function rowsOf(now: Suggestions, before: Suggestions): Row[] {
  const [places, placesBefore] = [placesOf(now), placesOf(before)]
  const [after, prior] = [now, before].map(
    ({ items }) => new Map(items.map((item) => [item.movieId, item])),
  )
  const first = [...now.items.slice(0, shownCount), ...before.items.slice(0, shownCount)]
  return [...new Map(first.map((movie) => [movie.movieId, movie])).values()].map((movie) => ({
    movie,
    placeBefore: placesBefore.get(movie.movieId) ?? null,
    place: places.get(movie.movieId) ?? null,
    ratingBefore: prior!.get(movie.movieId)?.rating ?? null,
    rating: after!.get(movie.movieId)?.rating ?? null,
  }))
}
