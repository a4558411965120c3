import Papa from 'papaparse'
import { columnsOf, type GivenNames, type Role } from './column-names.ts'

/** What may stand between the fields of a file with a header. */
export const separators = [',', ';', '\t', '::', '|', ' '] as const
export type Separator = (typeof separators)[number]

/** A header: what parts its fields, their names, and where the roles stand, −1 for nowhere. */
export type Header = {
  readonly separator: Separator
  readonly names: readonly string[]
  readonly columns: readonly number[]
}

/**
 * The fields of one line of CSV (RFC 4180, but no field goes on in the next line), or null when its
 * quotes do not close.
 */
export function csvFields(line: string, separator: Separator = ','): string[] | null {
  if (!line.includes('"')) return line.split(separator)
  const { data, errors } = parserFor(separator).parse(line, 0, false) as Papa.ParseResult<string[]>
  return errors.length > 0 ? null : (data[0] ?? [])
}

const parsers = new Map<Separator, Papa.Parser>()

/** One parser for each separator: to set one up costs more than to parse a line. */
function parserFor(separator: Separator): Papa.Parser {
  const known = parsers.get(separator)
  if (known) return known
  // A line has no such end: left to find one out, the parser would take a carriage return.
  const parser = new Papa.Parser({ delimiter: separator, newline: '\n' })
  parsers.set(separator, parser)
  return parser
}

/** The header that the line is, if there is a column for each of the roles that are needed. */
export function headerOf(
  line: string,
  needed: readonly Role[],
  others: readonly Role[] = [],
  given: GivenNames = {},
): Header | null {
  for (const separator of separators) {
    const names = csvFields(line, separator) ?? []
    if (names.length < needed.length) continue
    const columns = columnsOf(names, [...needed, ...others], given)
    if (needed.every((_, i) => columns[i]! >= 0)) return { separator, names, columns }
  }
  return null
}
