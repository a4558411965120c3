/** What a column, or a key of NDJSON, is for, named as MovieLens spells it. */
export type Role = keyof typeof spellings

/** The names of a role in the data sets of others, the first that is found counting; as of `bare`. */
const spellings = {
  userId: ['userid', 'user', 'uid', 'username', 'reviewerid', 'customerid', 'memberid'],
  movieId: [
    ...['movieid', 'itemid', 'movie', 'item', 'mid', 'iid', 'filmid', 'showid', 'contentid'],
    ...['bookid', 'isbn', 'animeid', 'productid', 'asin', 'artistid', 'songid', 'trackid'],
    ...['gameid', 'recipeid', 'jokeid', 'tconst'],
  ],
  rating: [
    ...['rating', 'ratings', 'score', 'stars', 'star', 'overall', 'bookrating', 'userrating'],
    ...['movierating', 'ratingvalue', 'weight', 'playcount', 'plays'],
  ],
  timestamp: [
    ...['timestamp', 'time', 'datetime', 'date', 'unixreviewtime', 'unixtime', 'ratedat'],
    ...['createdat', 'ratingtimestamp', 'ratingdate', 'timestamps'],
  ],
  title: ['title', 'movietitle', 'itemtitle', 'primarytitle', 'originaltitle', 'name', 'itemname'],
  genres: ['genres', 'genre', 'categories', 'category', 'class'],
  year: [
    ...['year', 'releaseyear', 'startyear', 'movieyear', 'originalpublicationyear'],
    ...['yearofpublication', 'releasedate', 'released'],
  ],
  id: ['id'],
} as const

/** The name in lower case, without signs and without the type that RecBole writes after it. */
export function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/:(token|float)(_seq)?\s*$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Where among these names the roles stand; −1 where none is of that role. */
export function columnsOf(names: readonly string[], roles: readonly Role[]): number[] {
  const found = names.map(bare)
  return roles.map((role) => {
    const spelling = spellings[role].find((name) => found.includes(name))
    return spelling === undefined ? -1 : found.indexOf(spelling)
  })
}

/** The value of a role in an object of NDJSON; undefined where no key is of that role. */
export function fieldOf(row: Readonly<Record<string, unknown>>, role: Role): unknown {
  if (Object.hasOwn(row, role)) return row[role]
  const keys = Object.keys(row)
  const [at] = columnsOf(keys, [role])
  return at === undefined ? undefined : row[keys[at]!]
}
