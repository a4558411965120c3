/** What answers of the API say of a movie. */
export type Named = {
  readonly movieId: string
  readonly displayTitle: string | null
  readonly year?: number | null
}

/** The title as people say it, or the id where the catalogue does not know the movie. */
export function titleOf({ displayTitle, movieId }: Named): string {
  return displayTitle ?? `Movie ${movieId}`
}

/** The page of a movie in the console. */
export function pathOfMovie(movieId: string): string {
  return `/movies/${encodeURIComponent(movieId)}`
}

/** An id as it stands in a path; as it is where it is not encoded. */
export function idOfPath(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
