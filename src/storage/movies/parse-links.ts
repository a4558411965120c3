import type { MovieLinks } from '../../model/data/movie.ts'
import { excerpt } from '../readers/excerpt.ts'

const unknown = /^(?:|0|nan|na|n\/a|null|none|\\n)$/i

/** The links that two fields name, as links.csv of MovieLens has them; a text says what is wrong. */
export function parseLinks(imdb: string, tmdb: string): MovieLinks | string {
  const [imdbText, tmdbText] = [imdb.trim(), tmdb.trim()]
  const imdbId = unknown.test(imdbText) ? null : /^(?:tt)?0*(\d{1,10})(?:\.0)?$/.exec(imdbText)
  if (imdbId === null && !unknown.test(imdbText)) return `imdbId ${excerpt(imdb)} is no id of IMDb`
  const tmdbId = unknown.test(tmdbText) ? null : /^(\d{1,10})(?:\.0)?$/.exec(tmdbText)
  if (tmdbId === null && !unknown.test(tmdbText)) return `tmdbId ${excerpt(tmdb)} is no id of TMDB`
  return {
    ...(imdbId && { imdbId: `tt${imdbId[1]!.padStart(7, '0')}` }),
    ...(tmdbId && { tmdbId: tmdbId[1]! }),
  }
}
