import { significant } from '../../text.ts'

/** The value of a setting as a short text; "–" for none. */
export function settingText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') return significant(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? 'none' : JSON.stringify(value)
  return JSON.stringify(value)
}
