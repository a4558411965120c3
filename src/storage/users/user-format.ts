import { MarqueeError } from '../../errors.ts'
import { idProblem } from '../readers/check-id.ts'
import { columnsOf } from '../readers/column-names.ts'
import { csvFields, headerOf } from '../readers/csv-line.ts'
import type { LineFormat } from '../readers/read-records.ts'

/** The formats of users, for messages. */
export const expectedUsers =
  'users.csv (a header whose first column is userId, user_id or id), u.user (five columns between "|") ' +
  'or users.dat (five columns between "::")'

/** Too fine to learn from, and they tell where somebody lives. */
const postalCode = /(^|[-_ ])(zip|postal|postcode|plz)|^post[-_ ]?code|postleitzahl|^code$/
const maxValueLength = 200
const maxValuesOfUser = 100
/** Of a file: each may become a row of every model. */
const maxValues = 1_000_000
const forbidden = /[\p{Cc}\p{Cs}]/u

/**
 * The format that the first line shows, adding each user's "group:value" texts to the map; null
 * when unknown. No message quotes a value: they are personal.
 */
export function userFormat(firstLine: string, users: Map<string, string[]>): LineFormat | null {
  const header = headerOf(firstLine, ['userId']) ?? headerOf(firstLine, ['id'])
  if (header !== null && header.columns[0] === 0 && header.names.length > 1) {
    const { separator, names } = header
    refuseRatings(names)
    const split = (line: string) => csvFields(line, separator)
    const groups = names.slice(1).map((name) => nameOf(name))
    return { format: 'users.csv', isHeader: true, take: createTaker(split, groups, users) }
  }
  const bars = firstLine.split('|')
  if (bars.length === 5 && isNumber(bars[1]!)) {
    const split = (line: string) => line.split('|')
    const columns = ['age', 'gender', 'occupation', 'zip']
    return { format: 'u.user', isHeader: false, take: createTaker(split, columns, users) }
  }
  const colons = firstLine.split('::')
  if (colons.length === 5 && isNumber(colons[2]!)) {
    const split = (line: string) => line.split('::')
    const columns = ['gender', 'age', 'occupation', 'zip']
    return { format: 'users.dat', isHeader: false, take: createTaker(split, columns, users) }
  }
  return null
}

/** ratings.csv and tags.csv begin with userId, too. */
function refuseRatings(names: readonly string[]): void {
  if (columnsOf(names, ['movieId'])[0]! >= 0)
    throw new MarqueeError(
      'unrecognised-format',
      `The header has a column of movies, expected ${expectedUsers}.`,
    )
}

/** Without the type that RecBole writes after it. */
function nameOf(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/:(token|float)(_seq)?$/, '')
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text.trim())
}

/** A taker of lines of an id and a field for each column; "|" stands between several values. */
function createTaker(
  fieldsOf: (line: string) => string[] | null,
  columns: readonly string[],
  users: Map<string, string[]>,
): (line: string) => string | null {
  const known = new Set<string>()
  const groups = columns.map((name) => (postalCode.test(name) ? null : name.replaceAll(':', ' ')))
  return (line) => {
    const fields = fieldsOf(line)
    if (fields === null) return 'the quotes do not close on this line'
    if (fields.length !== columns.length + 1)
      return `the line has ${fields.length} fields, expected ${columns.length + 1}`
    const [id = '', ...cells] = fields.map((field) => field.trim())
    const problem = idProblem('userId', id)
    if (problem !== null) return problem
    const texts: string[] = []
    for (const [i, group] of groups.entries()) {
      if (group === null) continue
      for (const value of cells[i]!.split('|').map((part) => part.trim())) {
        if (value === '') continue
        if (value.length > maxValueLength)
          return `column ${i + 2} has more than ${maxValueLength} characters`
        if (forbidden.test(value)) return `column ${i + 2} has a control character`
        texts.push(`${group}:${value}`)
      }
    }
    const distinct = [...new Set(texts)]
    if (distinct.length > maxValuesOfUser)
      return `it has ${distinct.length} values, at most ${maxValuesOfUser} are taken`
    const unknown = distinct.filter((text) => !known.has(text))
    if (known.size + unknown.length > maxValues)
      return `the users before it have ${known.size} values, at most ${maxValues} are taken`
    for (const text of unknown) known.add(text)
    users.set(id, distinct)
    return null
  }
}
