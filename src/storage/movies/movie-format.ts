import { idProblem } from '../readers/check-id.ts'
import { fieldOf } from '../readers/column-names.ts'
import { csvFields, type Header, headerOf } from '../readers/csv-line.ts'
import { excerpt } from '../readers/excerpt.ts'
import { jsonId, jsonObject } from '../readers/json-line.ts'
import type { LineFormat } from '../readers/read-records.ts'
import type { ToldMovie } from './movies-segment.ts'
import { parseLinks } from './parse-links.ts'
import { parseYear } from './parse-year.ts'
import { createMovieTaker, type MovieTaker } from './take-movie.ts'

/** The formats of movies, for messages. */
export const expectedMovies =
  'movies.csv (a header with movieId, title and perhaps genres), u.item (24 columns between "|"), ' +
  'movies.dat ("::"), links.csv (movieId, imdbId, tmdbId) or NDJSON (one object a line with movieId, title)'

/** The flags at the end of a line of u.item, in the order of u.genre. */
const itemGenres = [
  ...['unknown', 'Action', 'Adventure', 'Animation', "Children's", 'Comedy', 'Crime'],
  ...['Documentary', 'Drama', 'Fantasy', 'Film-Noir', 'Horror', 'Musical', 'Mystery'],
  ...['Romance', 'Sci-Fi', 'Thriller', 'War', 'Western'],
]
/** Before the flags: movieId, title, release date, video release date, IMDb address. */
const itemColumns = 5 + itemGenres.length

const more = ['genres', 'year', 'imdbId', 'tmdbId'] as const

/** The format that the first line shows, adding what it takes to the list; null when unknown. */
export function movieFormat(firstLine: string, movies: ToldMovie[]): LineFormat | null {
  const take = createMovieTaker(movies)
  if (firstLine.trimStart().startsWith('{'))
    return { format: 'ndjson', isHeader: false, take: (line) => takeJson(line, take) }
  const header =
    headerOf(firstLine, ['movieId', 'title'], more) ?? headerOf(firstLine, ['id', 'title'], more)
  if (header !== null)
    return { format: 'movies.csv', isHeader: true, take: (line) => takeCsv(line, header, take) }
  const links = headerOf(firstLine, ['movieId', 'imdbId'], ['tmdbId'])
  if (links !== null)
    return { format: 'links.csv', isHeader: true, take: (line) => takeLinks(line, links, movies) }
  if (firstLine.split('|').length === itemColumns)
    return { format: 'u.item', isHeader: false, take: (line) => takeItem(line, take) }
  if (firstLine.split('::').length >= 3)
    return { format: 'movies.dat', isHeader: false, take: (line) => takeDat(line, take) }
  return null
}

function takeCsv(
  line: string,
  { separator, names, columns }: Header,
  take: MovieTaker,
): string | null {
  const fields = csvFields(line, separator)
  if (fields === null) return 'the quotes do not close on this line'
  // One more field mostly means a title with a comma and no quotes: half a title is not taken.
  if (fields.length !== names.length)
    return `the line has ${fields.length} fields, the header ${names.length}`
  const [movieId = '', title = '', genres = '', year = '', imdb = '', tmdb = ''] = columns.map(
    (at) => fields[at],
  )
  const parsedYear = parseYear(year)
  if (Number.isNaN(parsedYear)) return `year ${excerpt(year)} is no year`
  const links = parseLinks(imdb, tmdb)
  if (typeof links === 'string') return links
  return take(movieId, title, [genres], parsedYear, links)
}

function takeLinks(line: string, { separator, names, columns }: Header, movies: ToldMovie[]) {
  const fields = csvFields(line, separator)
  if (fields?.length !== names.length)
    return `the line has ${fields?.length ?? 'open'} fields, the header ${names.length}`
  const [id = '', imdb = '', tmdb = ''] = columns.map((at) => fields[at])
  const movieId = id.trim()
  const problem = idProblem('movieId', movieId)
  if (problem !== null) return problem
  const links = parseLinks(imdb, tmdb)
  if (typeof links === 'string') return links
  movies.push({ movieId, title: '', year: null, genres: [], ...links, isLinks: true })
  return null
}

function takeItem(line: string, take: MovieTaker): string | null {
  const fields = line.split('|')
  if (fields.length !== itemColumns)
    return `the line has ${fields.length} fields, expected ${itemColumns}`
  const [movieId = '', title = ''] = fields
  const flags = fields.slice(-itemGenres.length)
  if (!flags.every((flag) => flag === '0' || flag === '1')) return 'a genre flag is not 0 or 1'
  return take(
    movieId,
    title,
    itemGenres.filter((_, i) => flags[i] === '1'),
  )
}

/** The first and the last "::" part the fields, so that a title may have one. */
function takeDat(line: string, take: MovieTaker): string | null {
  const first = line.indexOf('::')
  const last = line.lastIndexOf('::')
  if (first < 0 || last < first + 2) return 'the line is not movieId::title::genres'
  return take(line.slice(0, first), line.slice(first + 2, last), [line.slice(last + 2)])
}

function takeJson(line: string, take: MovieTaker): string | null {
  const row = jsonObject(line)
  if (row === null) return 'the line is not a JSON object'
  const { genres = [] } = row
  const [title, year] = [fieldOf(row, 'title'), fieldOf(row, 'year')]
  const movieId = jsonId(fieldOf(row, 'movieId') ?? fieldOf(row, 'id'))
  if (movieId === null) return 'movieId is not a string or a whole number'
  if (typeof title !== 'string') return 'title is not a string'
  if (year !== undefined && year !== null && typeof year !== 'number') return 'year is not a number'
  if (!isTexts(genres)) return 'genres is not a list of strings'
  return take(movieId, title, genres, year)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
