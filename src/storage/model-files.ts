import { createHash } from 'node:crypto'
import { MarqueeError } from '../errors.ts'
import { cardSchema, type ModelCard } from '../model/card.ts'
import { openSealed, sealJson } from './sealed-json.ts'

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
export function sealedFile(
  name: 'model' | 'start' | 'report',
  attempt: number,
  parts: readonly Uint8Array[],
) {
  const type = name === 'report' ? 'json' : 'safetensors'
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return {
    file: attempt === 1 ? `${name}.${type}` : `${name}-${attempt}.${type}`,
    sizeBytes: parts.reduce((sum, part) => sum + part.length, 0),
    sha256: hash.digest('hex'),
  }
}

/** The text of a card's file, with a seal. */
export function jsonOf(card: ModelCard): Buffer {
  return sealJson(cardSchema.parse(card), 2)
}

/** The card of a version from its file; an `invalid-model` error where that is not as it was written. */
export function cardIn(bytes: Uint8Array, version: string): ModelCard {
  try {
    const card = cardSchema.parse(openSealed(bytes, (value) => 'sequence' in value))
    if (card.version !== version) throw new Error(`it is of model ${card.version}`)
    return card
  } catch (error) {
    throw new MarqueeError('invalid-model', `Not readable: the card of model ${version}.`, {
      cause: error,
    })
  }
}
