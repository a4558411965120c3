import { z } from 'zod'
import type { ImportReport } from '../import-report.ts'
import type { Notes } from './sealed-tensors.ts'

const recordSchema = z.object({
  format: z.string(),
  accepted: z.int(),
  refused: z.int(),
  /** Role and fingerprint of the API key; null where none was needed. */
  key: z.string().nullable(),
  /** The name under which a scale was declared with the import, if one was. */
  scale: z.string().nullable(),
})

/**
 * What is kept of an import besides its rows: in the metadata of its segment, so that one rename
 * makes both visible. No line of the file is quoted: it may be about somebody.
 */
export type ImportRecord = z.infer<typeof recordSchema>

/** The metadata that keep a record. */
export function notesOf(
  { format, accepted, refused }: Omit<ImportReport, 'segment'>,
  key: string | null,
  scale: string | null = null,
): Notes {
  const record: ImportRecord = { format, accepted, refused, key, scale }
  return { import: JSON.stringify(record) }
}

/** The record among the metadata; null for a segment of an earlier release. */
export function recordIn(notes: Notes): ImportRecord | null {
  try {
    return recordSchema.parse(JSON.parse(notes['import'] ?? ''))
  } catch {
    return null
  }
}
