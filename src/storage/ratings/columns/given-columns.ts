import { MarqueeError } from '../../../errors.ts'

/** The columns of a file of ratings, as they are named when they are given. */
const columnNames = {
  user: 'userId',
  movie: 'movieId',
  rating: 'rating',
  timestamp: 'timestamp',
} as const
type ColumnName = keyof typeof columnNames
export type RatingRole = (typeof columnNames)[ColumnName]

/** Columns that are said with a file: by their names in its header, or by positions from 0. */
export type GivenColumns =
  | { readonly by: 'name'; readonly columns: Readonly<Partial<Record<RatingRole, string>>> }
  | { readonly by: 'position'; readonly columns: Readonly<Partial<Record<RatingRole, number>>> }

export const columnsExample = 'user:…,movie:…,rating:…,timestamp:…'
const expected = `expected ${columnsExample}, each the name of a column (or key), or all of user, movie and rating positions from 1`

/** The columns that a text gives; an `invalid-request` error says what it should be. */
export function parseColumns(text: string): GivenColumns {
  const parts = text.split(',').map((part) => {
    const [, name = '', value = ''] = /^\s*(\w+):\s*(.+?)\s*$/.exec(part) ?? []
    if (!Object.hasOwn(columnNames, name)) throw invalid(text)
    return [columnNames[name as ColumnName], value] as const
  })
  const columns = Object.fromEntries(parts) as Partial<Record<RatingRole, string>>
  if (Object.keys(columns).length < parts.length) throw invalid(text)
  const positions = parts.filter(([, value]) => /^[1-9]\d{0,2}$/.test(value))
  if (positions.length === 0) return { by: 'name', columns }
  const { userId, movieId, rating } = columns
  const isWhole = userId !== undefined && movieId !== undefined && rating !== undefined
  const isDistinct = new Set(Object.values(columns)).size === parts.length
  if (positions.length < parts.length || !isWhole || !isDistinct) throw invalid(text)
  const places = parts.map(([role, value]) => [role, Number(value) - 1])
  return { by: 'position', columns: Object.fromEntries(places) }
}

/** What a role is called when columns are given. */
export function nameOfRole(role: RatingRole): string {
  return Object.entries(columnNames).find(([, known]) => known === role)![0]
}

function invalid(text: string): MarqueeError {
  return new MarqueeError('invalid-request', `The columns ${JSON.stringify(text)}: ${expected}.`, {
    problems: [{ pointer: '/query/columns', detail: expected }],
  })
}
