import type { ListAnswer } from './list-answer.ts'

type Item = ListAnswer['items'][number]

/** What a list shows of a movie before it is about a user, and the text of that. */
type Known = Pick<Item, 'movieId' | 'title' | 'displayTitle' | 'year'> & { readonly text: string }

/** By the genres of a movie, which its catalogue makes once; a movie whose title was edited has them, too. */
const known = new WeakMap<readonly string[], Known>()

/**
 * The JSON of a list, as its schema's serialiser writes it, from the texts of movies that were listed before:
 * to write ten movies takes as long as to find them. `undefined` of a list with reasons, or a number that JSON
 * has not.
 */
export function listText(list: ListAnswer): string | undefined {
  let items = ''
  for (const item of list.items) {
    if (item.because !== undefined) return undefined
    const { rating, score, ratings } = item
    if (!Number.isFinite(rating) || !Number.isFinite(score)) return undefined
    const ofUser = `"rating":${rating},"score":${score},"ratings":${ratings}`
    items += `${items === '' ? '' : ','}${movieText(item)},${ofUser}}`
  }
  const { model, experiment, userId, basis, orderBy, nextCursor, unknownMovieIds } = list
  const head = JSON.stringify({ model, basis, orderBy }).slice(0, -1)
  // Members that may be missing come last.
  const tail = JSON.stringify({ nextCursor, unknownMovieIds, experiment, userId }).slice(1)
  return `${head},"items":[${items}],${tail}`
}

/** The members about the movie, with no end yet. */
function movieText({ movieId, title, displayTitle, year, genres }: Item): string {
  const before = known.get(genres)
  if (
    before?.movieId === movieId &&
    before.title === title &&
    before.displayTitle === displayTitle &&
    before.year === year
  )
    return before.text
  const text = JSON.stringify({ movieId, title, displayTitle, year, genres }).slice(0, -1)
  if (genres.length > 0) known.set(genres, { movieId, title, displayTitle, year, text })
  return text
}
