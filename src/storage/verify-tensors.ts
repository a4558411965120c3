import { createHash } from 'node:crypto'
import { MarqueeError } from '../errors.ts'

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

/** SHA-256, as cards have it. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The error of a model whose file is not the one of its card. */
export function damagedModel(version: string, what: string): MarqueeError {
  return new MarqueeError(
    'invalid-model',
    `The file model.safetensors of model ${version} was refused: it ${what}.`,
  )
}
