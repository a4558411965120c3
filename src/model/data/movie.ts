/** A movie of the catalogue; `year` is null and `genres` empty where they are not known. */
export type Movie = {
  readonly movieId: string
  readonly title: string
  readonly year: number | null
  readonly genres: readonly string[]
}
