import type { Vocabulary } from '../../../model/data/vocabulary.ts'

/** Of a movie with fewer ratings, nobody's lists can know what series it is of. */
const fewestRatings = 10
/** What a title's number in its series may be: "II", "2", "Part 2". */
const number = /\b(part|episode|chapter|volume)\b.*$| (i{1,3}|iv|v|vi{1,3}|ix|x|\d{1,2})$/

/**
 * What the titles of a series have in common: "Star Wars: Episode IV - A New Hope" and "Toy Story 2"
 * are of "star wars" and "toy story". What stands before a colon, dash or bracket, less an article
 * and a number at its end.
 */
export function seriesOf(title: string): string {
  return title
    .split(/: | - | ?\(/)[0]!
    .replace(/^(.*), (the|an?|les?|la)$/i, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/^(the|an?) /, '')
    .replace(number, '')
    .trim()
}

/** Groups of at least two movies, by index, whose titles are of one series; few ratings are left out. */
export function seriesGroups(
  movies: Vocabulary,
  titles: ReadonlyMap<string, string>,
  ratings: ArrayLike<number>,
): number[][] {
  const groups = new Map<string, number[]>()
  for (const [movie, id] of movies.ids.entries()) {
    const name = seriesOf(titles.get(id) ?? '')
    if (name === '' || ratings[movie]! < fewestRatings) continue
    const group = groups.get(name)
    if (group) group.push(movie)
    else groups.set(name, [movie])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}
