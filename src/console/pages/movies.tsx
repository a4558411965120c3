import './movies/movies.css'
import { useParams } from 'wouter-preact'
import { idOfPath } from '../state/movie-names.ts'
import { MoviePage } from './movies/movie-page.tsx'
import { RankingsPage } from './movies/rankings-page.tsx'

/** The rankings and the search, or one movie where the address names it. */
export function MoviesPage() {
  const { '*': part } = useParams()
  return part ? <MoviePage movieId={idOfPath(part)} key={part} /> : <RankingsPage />
}
