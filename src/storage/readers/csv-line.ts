import { parse } from 'csv-parse/sync'

/**
 * The fields of one line of CSV (RFC 4180, but no field goes on in the next line), or null when its
 * quotes do not close.
 */
export function csvFields(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',')
  try {
    // Left to find out what ends a record, the parser takes a carriage return, and drops the rest.
    return parse(line, { relax_quotes: true, record_delimiter: '\n' })[0] ?? []
  } catch {
    return null
  }
}

/** The places of the named columns in a header, in any case of letters; −1 where there is none. */
export function headerColumns(fields: readonly string[], names: readonly string[]): number[] {
  const found = fields.map((field) => field.trim().toLowerCase())
  return names.map((name) => found.indexOf(name.toLowerCase()))
}
