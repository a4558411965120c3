import { Link, useSearchParams } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Badge, Figures } from '../../components/figures.tsx'
import { Meter } from '../../components/meter.tsx'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card, Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { titleOf } from '../../state/movie-names.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { count, fixed } from '../../text.ts'
import { FansCard } from './fans-card.tsx'
import { UserCard } from './user-card.tsx'

/** One movie: its figures, what is like it, and who is likely to like it. */
export function MoviePage({ movieId }: { movieId: string }) {
  const path = { movieId }
  const [search] = useSearchParams()
  const movie = useAnswer([movieId], (signal) =>
    dataOf(api.GET('/v1/movies/{movieId}', { params: { path }, signal })),
  )
  const { data } = movie
  return (
    <Page
      title={data ? titleOf(data) : 'Movie'}
      lead={data && [data.year, ...data.genres].filter((part) => part !== null).join(' · ')}
      actions={
        <>
          <Link href={`/map?${new URLSearchParams({ movie: movieId })}`}>On the map</Link>
          <Link href="/movies">All movies</Link>
        </>
      }
    >
      <Answered answer={movie}>
        {(known) => (
          <div class="grid">
            <Card isWide>
              <MovieFigures movie={known} />
            </Card>
            {known.model === null ? (
              <Card isWide>
                <Empty title="No model serves yet">So nothing can be said of who likes it.</Empty>
              </Card>
            ) : (
              <>
                <SimilarCard movieId={movieId} />
                <FansCard movieId={movieId} />
                <UserCard movieId={movieId} userId={search.get('user')} />
              </>
            )}
          </div>
        )}
      </Answered>
    </Page>
  )
}

function MovieFigures({ movie }: { movie: Schemas['MovieDetail'] }) {
  const { movieId, ratings, meanRating, imdbId, hidden } = movie
  return (
    <>
      <Figures
        figures={[
          { name: 'Mean rating', value: fixed(meanRating, 2) },
          { name: 'Ratings', value: count(ratings) },
          { name: 'Id', value: movieId },
          ...(imdbId
            ? [
                {
                  name: 'IMDb',
                  value: (
                    <a href={`https://www.imdb.com/title/${imdbId}/`} rel="noreferrer">
                      {imdbId}
                    </a>
                  ),
                },
              ]
            : []),
        ]}
      />
      {hidden && (
        <p>
          <Badge tone="warn">hidden</Badge> No list shows it.
        </p>
      )}
    </>
  )
}

type Similar = Schemas['SimilarMovies']['items'][number]
const similarColumns: Column<Similar>[] = [
  {
    title: 'Movie',
    value: titleOf,
    show: (movie) => <MovieLink movie={movie} />,
    isHeader: true,
  },
  {
    title: 'Likeness',
    value: ({ similarity }) => similarity,
    show: ({ similarity }) => (
      <span class="measured">
        <Meter value={similarity} from={0} to={1} />
        {fixed(similarity, 2)}
      </span>
    ),
    isNumber: true,
  },
  {
    title: 'Ratings',
    value: ({ ratings }) => ratings,
    show: ({ ratings }) => count(ratings),
    isNumber: true,
  },
]

function SimilarCard({ movieId }: { movieId: string }) {
  const answer = useAnswer([movieId], (signal) => {
    const params = { path: { movieId }, query: { n: 12 } }
    return dataOf(api.GET('/v1/movies/{movieId}/similar', { params, signal }))
  })
  return (
    <Card title="Similar movies" note="Liked by the same people; 1 would be by the very same.">
      <Answered answer={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="None">The model knows too little of it.</Empty>
          ) : (
            <Table
              caption="Similar movies"
              columns={similarColumns}
              rows={items}
              keyOf={(row) => row.movieId}
              isSortable
            />
          )
        }
      </Answered>
    </Card>
  )
}
