import { MarqueeError } from '../../errors.ts'
import type { Attributes } from '../../model/data/attributes.ts'
import { plainIds } from '../readers/plain-ids.ts'
import { type Reading, readRecords } from '../readers/read-records.ts'
import { expectedUsers, userFormat } from './user-format.ts'

/** The users of a file in any known format, each as its last line says, without postal codes. */
export async function readUsers(
  body: AsyncIterable<Uint8Array>,
  maxLines?: number,
): Promise<Reading & { readonly users: Attributes }> {
  const users = new Map<string, string[]>()
  const recognise = (line: string) => {
    const format = userFormat(line, users)
    if (format !== null) return format
    // Other readers quote the first line; here it may be somebody's.
    throw new MarqueeError(
      'unrecognised-format',
      `The first line shows no known format, expected ${expectedUsers}.`,
    )
  }
  const { reading } = await readRecords(body, recognise, expectedUsers, maxLines)
  const ids = plainIds([...users.keys()])
  if (ids === null) return { ...reading, users }
  return { ...reading, users: new Map([...users.values()].map((texts, i) => [ids[i]!, texts])) }
}
