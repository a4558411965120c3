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
  imdbId: ['imdbid'],
  tmdbId: ['tmdbid'],
  id: ['id'],
} as const

/** The name in lower case, without signs and without the type that RecBole writes after it. */
export function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/:(token|float)(_seq)?\s*$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Names that are said for some roles, which are then not found by their spelling. */
export type GivenNames = Readonly<Partial<Record<Role, string>>>

/** Where among these names the roles stand; −1 where none is of that role. */
export function columnsOf(
  names: readonly string[],
  roles: readonly Role[],
  given: GivenNames = {},
): number[] {
  const found = names.map(bare)
  return roles.map((role) => {
    const name = given[role]
    if (name !== undefined) {
      const exact = names.findIndex((one) => one.trim() === name)
      return exact >= 0 ? exact : found.indexOf(bare(name))
    }
    const spelling = spellings[role].find((name) => found.includes(name))
    return spelling === undefined ? -1 : found.indexOf(spelling)
  })
}

/** The names that may all be of a role, where none is more so than the others; otherwise none. */
export function rivalsOf(names: readonly string[], role: Role, given: GivenNames = {}): string[] {
  const name = given[role]
  const known: readonly string[] = name === undefined ? spellings[role] : [bare(name)]
  const alike = (wanted: readonly string[]) => names.filter((one) => wanted.includes(bare(one)))
  const exact = alike(known.slice(0, 1))
  const rivals = exact.length > 0 ? exact : alike(known)
  return rivals.length > 1 ? rivals : []
}

/** The value of a role in an object of NDJSON; undefined where no key is of that role. */
export function fieldOf(
  row: Readonly<Record<string, unknown>>,
  role: Role,
  given: GivenNames = {},
): unknown {
  const name = given[role] ?? role
  if (Object.hasOwn(row, name)) return row[name]
  const keys = Object.keys(row)
  const [at] = columnsOf(keys, [role], given)
  return at === undefined ? undefined : row[keys[at]!]
}
