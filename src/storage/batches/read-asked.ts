import { MarqueeError } from '../../errors.ts'
import { idProblem } from '../readers/check-id.ts'
import { csvFields, type Header, headerOf } from '../readers/csv-line.ts'
import { maxLineBytes, readLines } from '../readers/read-lines.ts'

/** The most users or pairs of one file. */
export const mostInFile = 200_000
/** So many of the lines that were refused are named. */
const mostNamed = 20

/** Who or what a file asks for. */
export type AskedFile = {
  readonly what: 'users' | 'pairs'
  readonly asked: readonly (string | { readonly userId: string; readonly movieId: string })[]
  readonly refused: number
  /** The first of the lines that were, from 1; the reasons quote no id. */
  readonly refusals: readonly { readonly line: number; readonly reason: string }[]
}

/**
 * Reads a CSV of users, or of pairs where its header names a column of movies, too; a line that
 * cannot be taken spoils no other. An `unrecognised-format` error where it has no such header, a
 * `no-good-line` one where no line is good, a `too-large` one where it has too many.
 */
export async function readAsked(body: AsyncIterable<Uint8Array>): Promise<AskedFile> {
  const asked: (string | { userId: string; movieId: string })[] = []
  const users = new Set<string>()
  const refusals: { line: number; reason: string }[] = []
  let refused = 0
  let header: Header | null = null
  const refuse = (line: number, reason: string) => {
    refused += 1
    if (refusals.length < mostNamed) refusals.push({ line, reason })
  }
  const takeFields = (fields: readonly string[], { columns }: Header): string | null => {
    const [user, movie] = columns.map((at) => (at < 0 ? null : (fields[at] ?? '').trim()))
    const userId = user ?? ''
    const problem = idProblem('userId', userId)
    if (problem !== null) return problem
    if (movie === null || movie === undefined) {
      if (users.has(userId)) return 'userId is there already'
      users.add(userId)
      asked.push(userId)
      return null
    }
    const movieProblem = idProblem('movieId', movie)
    if (movieProblem === null) asked.push({ userId, movieId: movie })
    return movieProblem
  }

  await readLines(body, {
    start() {},
    line(text, line) {
      if (header === null) {
        header = headerOf(text, ['userId'], ['movieId'])
        if (header) return
        throw new MarqueeError(
          'unrecognised-format',
          'The first line names no column of users; expected "userId", or "userId,movieId" for pairs.',
        )
      }
      if (text.trim() === '') return
      if (asked.length === mostInFile)
        throw new MarqueeError(
          'too-large',
          `The file has more than ${mostInFile} users or pairs; send several files, or ask for all users.`,
        )
      const fields = csvFields(text, header.separator)
      const reason = fields === null ? 'its quotes do not close' : takeFields(fields, header)
      if (reason !== null) refuse(line, reason)
    },
    tooLong: (line) => refuse(line, `it has more than ${maxLineBytes} bytes`),
  })
  if (asked.length === 0)
    throw new MarqueeError(
      'no-good-line',
      'No line of the file names a user that can be asked for.',
    )
  return { what: users.size > 0 ? 'users' : 'pairs', asked, refused, refusals }
}
