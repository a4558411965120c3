/** A movie of the catalogue; `year` is null and `genres` empty where they are not known. */
export type Movie = {
  readonly movieId: string
  readonly title: string
  readonly year: number | null
  readonly genres: readonly string[]
} & MovieLinks

/** The ids of a movie elsewhere, where they are known: of IMDb (tt0114709) and of TMDB (862). */
export type MovieLinks = { readonly imdbId?: string; readonly tmdbId?: string }

/** Only the links of something that has some. */
export function linksOf({ imdbId, tmdbId }: MovieLinks): MovieLinks {
  return { ...(imdbId && { imdbId }), ...(tmdbId && { tmdbId }) }
}
