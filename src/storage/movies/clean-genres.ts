const notGenres = new Set(['', 'unknown', '(no genres listed)'])
/** A list as Python or JSON writes it, perhaps of objects with names, as in the data of TMDB. */
const written = /^\[.*\]$/
const quotedName = /(?:^|[[,{]|["']name["']:)\s*(["'])((?:\\.|(?!\1).)*)\1(?=\s*[,\]}])/g

/**
 * Distinct genres as the newer MovieLens data write them, also from texts that join several with
 * "|" or, where there is none, with commas or semicolons, or that are written as lists.
 */
export function cleanGenres(texts: readonly string[]): string[] {
  const genres = texts
    .flatMap(parted)
    .map((genre) => genre.trim())
    .filter((genre) => !notGenres.has(genre))
    .map((genre) => (genre === "Children's" ? 'Children' : genre))
  return [...new Set(genres)]
}

function parted(text: string): string[] {
  if (written.test(text.trim())) return [...text.matchAll(quotedName)].map(([, , name]) => name!)
  return text.includes('|') ? text.split('|') : text.split(/[,;]/)
}
