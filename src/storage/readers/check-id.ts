import { maxIdLength } from '../../model/data/ids.ts'

/** Control characters would break logs and keys; half a surrogate pair is no UTF-8. */
const forbidden = /[\p{Cc}\p{Cs}]/u

/** The reason why a text cannot be an id, or null when it can. */
export function idProblem(name: 'userId' | 'movieId', id: string): string | null {
  if (id.length === 0) return `${name} is empty`
  if (id.length > maxIdLength)
    return `${name} has ${id.length} characters, at most ${maxIdLength} are taken`
  if (!isPlain(id) && forbidden.test(id)) return `${name} has a control character`
  return null
}

/** Whether all of it is printable ASCII, as ids mostly are: faster to see than by the expression. */
function isPlain(id: string): boolean {
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7e) return false
  }
  return true
}
