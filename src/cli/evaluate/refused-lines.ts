import type { Reading } from '../../storage/readers/read-records.ts'

/** The lines of a file that were not taken; the first of them with the reasons. */
export type RefusedLines = { readonly path: string } & Pick<Reading, 'refused' | 'refusals'>

const mostListed = 10

/** Notes a file whose lines were not all taken, and says so on stderr. */
export type RefusalLog = (path: string, reading: Pick<Reading, 'refused' | 'refusals'>) => void

/** A log that notes the files in `into`. */
export function createRefusalLog(into: RefusedLines[] = []): RefusalLog {
  return (path, { refused, refusals }) => {
    if (refused === 0) return
    const listed = refusals.slice(0, mostListed)
    into.push({ path, refused, refusals: listed })
    const reasons = listed.map(({ line, reason }) => `  line ${line}: ${reason}\n`)
    const more = refused > listed.length ? `  and ${refused - listed.length} more\n` : ''
    const lines = refused === 1 ? '1 line' : `${refused} lines`
    process.stderr.write(`${path}: ${lines} could not be read:\n${reasons.join('')}${more}`)
  }
}
