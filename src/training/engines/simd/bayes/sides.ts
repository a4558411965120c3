/** The two sides of a rating. */
export type SideName = 'user' | 'movie'
export type BothSides<T> = { readonly user: T; readonly movie: T }

export const sideNames = ['user', 'movie'] as const

/** A pair of values, made alike for users and for movies. */
export function bothSides<T>(of: (side: SideName, other: SideName) => T): BothSides<T> {
  return { user: of('user', 'movie'), movie: of('movie', 'user') }
}
