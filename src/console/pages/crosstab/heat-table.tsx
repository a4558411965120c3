import { Link } from 'wouter-preact'
import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { pathOfMovie, titleOf } from '../../state/movie-names.ts'
import { count, significant } from '../../text.ts'

/** The ratings as a table, each cell in the strength of its rating. */
export function HeatTable({ crosstab }: { crosstab: Schemas['Crosstab'] }) {
  const { users, movies, cells } = crosstab
  const ratings = cells.flat().filter((rating) => rating !== null)
  const lowest = Math.min(...ratings)
  const span = Math.max(Math.max(...ratings) - lowest, 1e-9)
  const strengthOf = (rating: number) => Math.round(4 + (38 * (rating - lowest)) / span)
  const caption = 'Ratings of the most active users for the most rated movies'
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys, too
    <section class="scroll heat" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">User</th>
            {movies.map((movie) => (
              <th scope="col" key={movie.movieId}>
                <Link
                  href={pathOfMovie(movie.movieId)}
                  title={`${titleOf(movie)}, ${count(movie.ratings)} ratings`}
                >
                  {titleOf(movie)}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {users.map(({ userId, ratings: given }, row) => (
            <tr key={userId}>
              <th scope="row">
                <Link
                  href={`/try?${new URLSearchParams({ user: userId })}`}
                  title={`${count(given)} ratings`}
                >
                  {userId}
                </Link>
              </th>
              {movies.map(({ movieId }, column) => {
                const rating = cells[row]?.[column] ?? null
                return rating === null ? (
                  <td key={movieId}>
                    <span class="unseen">not rated</span>
                  </td>
                ) : (
                  <td
                    key={movieId}
                    style={{
                      background: `color-mix(in oklab, var(--series-1) ${strengthOf(rating)}%, var(--card))`,
                    }}
                  >
                    {significant(rating, 3)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
