import type { Reading } from '../../storage/readers/read-records.ts'

/** The lines of a file that were not taken; the first of them with the reasons. */
export type RefusedLines = { readonly path: string } & Pick<Reading, 'refused' | 'refusals'>

const mostListed = 10

/** Notes a file whose lines were not all taken, and says so on stderr. */
export type RefusalLog = (path: string, reading: Pick<Reading, 'refused' | 'refusals'>) => void

/** A log that notes the files in `into`. */
export function createRefusalLog(into: RefusedLines[]): RefusalLog {
  return (path, { refused, refusals }) => {
    const [first] = refusals
    if (!first) return
    into.push({ path, refused, refusals: refusals.slice(0, mostListed) })
    const example = `line ${first.line}: ${first.reason}`
    process.stderr.write(`${path}: ${refused} lines could not be read, the first ${example}.\n`)
  }
}
