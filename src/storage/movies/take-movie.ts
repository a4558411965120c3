import type { Movie, MovieLinks } from '../../model/data/movie.ts'
import { idProblem } from '../readers/check-id.ts'
import { excerpt } from '../readers/excerpt.ts'
import { cleanGenres } from './clean-genres.ts'
import { parseTitle } from './parse-title.ts'

/** Adds one movie, or says why it cannot; a year that is given goes before one in the title. */
export type MovieTaker = (
  movieId: string,
  title: string,
  genres: readonly string[],
  year?: number | null,
  links?: MovieLinks,
) => string | null

const maxTitleLength = 1_000
const maxGenreLength = 100
const maxGenresOfMovie = 100
/** Of a file: each is a set of movies in the memory of every server. */
const maxGenres = 10_000
// Control characters of ISO-8859-1 (0x80 … 0x9f) are letters in files from Windows: kept.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u001f\u007f]|\p{Cs}/u

/** A taker that checks each part and adds the movie to the list. An empty title is taken. */
export function createMovieTaker(movies: Movie[]): MovieTaker {
  const known = new Set<string>()
  return (idText, titleText, genreTexts, givenYear, links) => {
    const movieId = idText.trim()
    const problem = idProblem('movieId', movieId)
    if (problem !== null) return problem
    if (titleText.length > maxTitleLength)
      return `title has ${titleText.length} characters, at most ${maxTitleLength} are taken`
    const genres = cleanGenres(genreTexts)
    const tooMany = genresProblem(genres, known)
    if (tooMany !== null) return tooMany
    for (const text of [titleText.trim(), ...genres])
      if (forbidden.test(text)) return `${excerpt(text)} has a control character`
    if (givenYear != null && !(givenYear >= 1800 && givenYear <= 2199 && givenYear % 1 === 0))
      return `year ${givenYear} is not a whole number from 1800 to 2199`

    const parsed = parseTitle(titleText)
    const year = givenYear ?? parsed.year
    const title = year === parsed.year ? parsed.title : titleText.trim()
    for (const genre of genres) known.add(genre)
    movies.push({ movieId, title, year, genres, ...links })
    return null
  }
}

function genresProblem(genres: readonly string[], known: ReadonlySet<string>): string | null {
  if (genres.length > maxGenresOfMovie)
    return `it has ${genres.length} genres, at most ${maxGenresOfMovie} are taken`
  const long = genres.find((genre) => genre.length > maxGenreLength)
  if (long !== undefined)
    return `genre ${excerpt(long)} has ${long.length} characters, at most ${maxGenreLength} are taken`
  const unknown = genres.filter((genre) => !known.has(genre)).length
  if (unknown > 0 && known.size + unknown > maxGenres)
    return `the movies before it have ${known.size} genres, at most ${maxGenres} are taken`
  return null
}
