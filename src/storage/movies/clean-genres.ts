const notGenres = new Set(['', 'unknown', '(no genres listed)'])

/** Distinct genres as the newer MovieLens data write them, also from "|"-joined texts. */
export function cleanGenres(texts: readonly string[]): string[] {
  const genres = texts
    .flatMap((text) => text.split('|'))
    .map((genre) => genre.trim())
    .filter((genre) => !notGenres.has(genre))
    .map((genre) => (genre === "Children's" ? 'Children' : genre))
  return [...new Set(genres)]
}
