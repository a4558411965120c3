/**
 * Attributes of users or movies, from an id to its labels such as "genre:Drama",
 * "decade:1990s" or "occupation:writer". What stands before a label's first colon is its group. An
 * id about which nothing is known is not there.
 */
export type Attributes = ReadonlyMap<string, readonly string[]>

/** The attributes of both sides. */
export type SideInformation = {
  readonly users: Attributes
  readonly movies: Attributes
  /** Titles of movies by id; nothing is trained on them. */
  readonly titles?: ReadonlyMap<string, string>
}
