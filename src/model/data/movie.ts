/** What the catalogue knows of a movie; `year` is null and `genres` empty where it does not say. */
export type Movie = {
  readonly movieId: string
  readonly title: string
  readonly year: number | null
  readonly genres: readonly string[]
}
