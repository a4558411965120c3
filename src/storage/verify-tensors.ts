import { createHash } from 'node:crypto'
import { MarqueeError } from '../errors.ts'
import type { StoredBytes } from './object-store.ts'

/** Hashed in a fraction of a millisecond. */
const partBytes = 262_144

/** The part of a model's card that its bytes are compared with. */
export type Seal = {
  readonly version: string
  readonly tensors: { readonly sizeBytes: number; readonly sha256: string }
}

/** Compares a model's bytes with the SHA-256 of its card; else an `invalid-model` error. */
export function verifyTensors({ version, tensors }: Seal, bytes: Uint8Array): void {
  if (hashOf(bytes) !== tensors.sha256)
    throw damagedModel(version, 'does not have the SHA-256 of its card')
}

/** The same of bytes that are read in parts. */
export async function verifyStream({ version, tensors }: Seal, bytes: StoredBytes): Promise<void> {
  const hash = createHash('sha256')
  for (let from = 0; from < bytes.size; from += partBytes)
    hash.update(await bytes.read(from, from + partBytes))
  if (hash.digest('hex') !== tensors.sha256)
    throw damagedModel(version, 'does not have the SHA-256 of its card')
}

/** SHA-256, as cards have it. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The error of a model whose file is not the one of its card. */
export function damagedModel(
  version: string,
  what: string,
  file = 'model.safetensors',
): MarqueeError {
  return new MarqueeError(
    'invalid-model',
    `The file ${file} of model ${version} was refused: it ${what}.`,
  )
}
