import './parts.css'
import { Link } from 'wouter-preact'
import { type Named, pathOfMovie, titleOf } from '../state/movie-names.ts'

/** The title of a movie, which leads to its page, and the year. */
export function MovieLink({ movie }: { movie: Named }) {
  return (
    <>
      <Link href={pathOfMovie(movie.movieId)}>{titleOf(movie)}</Link>
      {movie.year != null && <span class="year"> {movie.year}</span>}
    </>
  )
}

/** The genres as quiet words in a row. */
export function Genres({ genres }: { genres: readonly string[] }) {
  return <span class="genres">{genres.join(', ')}</span>
}
