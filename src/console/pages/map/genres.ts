import type { Schemas } from '../../../../clients/typescript/src/client.ts'

export type Mapped = Schemas['MovieMap']['items'][number]

/** So many genres have a colour of their own; the tones are custom properties of the style sheet. */
const toneCount = 8

/** The genres that have a colour, those of most movies first. */
export function colouredGenres(items: readonly Mapped[]): string[] {
  const counts = new Map<string, number>()
  for (const { genres } of items)
    for (const genre of genres) counts.set(genre, (counts.get(genre) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, toneCount)
    .map(([genre]) => genre)
}

/** Of the coloured genres of a movie the rarest, which says most; −1 for none. */
export function genreOf({ genres }: Mapped, coloured: readonly string[]): number {
  return Math.max(-1, ...genres.map((genre) => coloured.indexOf(genre)))
}
