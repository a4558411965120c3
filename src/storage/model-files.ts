import { createHash } from 'node:crypto'
import { cardSchema, type ModelCard } from '../model/card.ts'

/** The names of the files of a model in its folder besides the card. */
export function filesOf({ tensors: { file }, start }: ModelCard): string[] {
  return [file, reportFileOf(file), ...(start ? [start.file] : [])]
}

/** Where the report of the attempt is whose tensors the card names. */
export function reportKeyOf({ version, tensors }: ModelCard): string {
  return `models/${version}/${reportFileOf(tensors.file)}`
}

function reportFileOf(file: string): string {
  return file.replace(/^model(.*)\.safetensors$/, 'report$1.json')
}

/** A file's name, its bytes counted and hashed; the first attempt's has no number. */
export function sealedFile(name: string, attempt: number, parts: readonly Uint8Array[]) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return {
    file: attempt === 1 ? `${name}.safetensors` : `${name}-${attempt}.safetensors`,
    sizeBytes: parts.reduce((sum, part) => sum + part.length, 0),
    sha256: hash.digest('hex'),
  }
}

/** The text of a card's file. */
export function jsonOf(card: ModelCard): Buffer {
  return Buffer.from(`${JSON.stringify(cardSchema.parse(card), null, 2)}\n`)
}
