export const fileKinds = {
  archive: { title: 'a MovieLens zip', path: '/v1/import' },
  ratings: { title: 'ratings', path: '/v1/ratings/import' },
  movies: { title: 'movies', path: '/v1/movies/import' },
  users: { title: 'users', path: '/v1/users/import' },
} as const
export type FileKind = keyof typeof fileKinds

/** What a file is by its name; people may say otherwise. */
export function kindOf(name: string): FileKind {
  if (/\.zip$/i.test(name)) return 'archive'
  if (/rating/i.test(name)) return 'ratings'
  if (/movie|item|link|film/i.test(name)) return 'movies'
  return /user/i.test(name) ? 'users' : 'ratings'
}

/** The first lines of a file, cut into columns. */
export type Preview = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Whether the first line names the columns. */
  readonly hasHeader: boolean
}

/** Null where it is packed, or no text. */
export async function previewOf(file: File): Promise<Preview | null> {
  const text = await file.slice(0, 16_384).text()
  if (text.includes('\0')) return null
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  // The last one may be cut.
  if (file.size > 16_384) lines.pop()
  const [first] = lines
  if (first === undefined) return null
  if (first.startsWith('{')) return previewOfJson(lines)
  const separator = ['::', '\t', ';', '|', ','].find((one) => first.includes(one)) ?? ','
  const cut = (line: string) => line.split(separator).map((cell) => cell.replace(/^"(.*)"$/, '$1'))
  const cells = cut(first)
  const hasHeader = cells.every((cell) => Number.isNaN(Number(cell)))
  return {
    columns: hasHeader ? cells : cells.map((_, i) => `Column ${i + 1}`),
    rows: lines.slice(hasHeader ? 1 : 0, hasHeader ? 6 : 5).map(cut),
    hasHeader,
  }
}

function previewOfJson(lines: readonly string[]): Preview | null {
  try {
    const objects = lines.slice(0, 5).map((line) => JSON.parse(line) as Record<string, unknown>)
    const columns = [...new Set(objects.flatMap((one) => Object.keys(one)))]
    const rows = objects.map((one) => columns.map((name) => String(one[name] ?? '')))
    return { columns, rows, hasHeader: true }
  } catch {
    return null
  }
}

export const roles = ['user', 'movie', 'rating', 'timestamp'] as const
export type Roles = Readonly<Partial<Record<(typeof roles)[number], number>>>

/** What the parameter `columns` says of them: names where there are any, else positions from 1. */
export function columnsText(preview: Preview, chosen: Roles): string | undefined {
  const parts = roles.flatMap((role) => {
    const column = chosen[role]
    if (column === undefined) return []
    return [`${role}:${preview.hasHeader ? preview.columns[column] : column + 1}`]
  })
  return parts.length === 0 ? undefined : parts.join(',')
}
