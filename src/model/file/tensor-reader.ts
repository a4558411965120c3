import { MarqueeError } from '../../errors.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { type Vocabulary, VocabularyBuilder } from '../data/vocabulary.ts'
import { decodeTextSteps, type Tensor } from './safetensors.ts'

/** Numbers that are checked in one step. */
export const checkedAtOnce = 16_384

export type TensorReader = ReturnType<typeof createTensorReader>

/** Reads a model's tensors by name, in steps where they are long; an `invalid-model` error says what is wrong. */
export function createTensorReader(tensors: ReadonlyMap<string, Tensor>) {
  const tensor = (name: string): Tensor => {
    const found = tensors.get(name)
    if (!found) throw invalid(`it has no tensor "${name}"`)
    return found
  }
  function* floats(name: string, length?: number): Generator<void, Float32Array> {
    const { data } = tensor(name)
    if (!(data instanceof Float32Array)) throw invalid(`tensor "${name}" is not F32`)
    if (length !== undefined && data.length !== length)
      throw invalid(`tensor "${name}" has ${data.length} elements, expected ${length}`)
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i])) throw invalid(`tensor "${name}" has NaN or infinite values`)
      if (i % checkedAtOnce === 0) yield
    }
    return data
  }
  const integers = (name: string, length?: number): Uint32Array => {
    const { data } = tensor(name)
    if (!(data instanceof Uint32Array)) throw invalid(`tensor "${name}" is not U32`)
    if (length !== undefined && data.length !== length)
      throw invalid(`tensor "${name}" has ${data.length} elements, expected ${length}`)
    return data
  }
  return {
    floats,
    integers,
    *pair(name: string): Generator<void, [number, number]> {
      const [lowest, highest] = (yield* floats(name, 2)) as unknown as [number, number]
      if (lowest > highest) throw invalid(`tensor "${name}" is not [lowest, highest]`)
      return [lowest, highest]
    },
    *matrix(name: string, rows?: number): Generator<void, Matrix> {
      const { shape } = tensor(name)
      if (shape.length !== 2 || (rows !== undefined && shape[0] !== rows))
        throw invalid(
          `tensor "${name}" has shape [${shape}], expected [${rows ?? 'rows'}, columns]`,
        )
      return { rows: shape[0]!, columns: shape[1]!, data: yield* floats(name) }
    },
    *ids(name: string): Generator<void, Vocabulary> {
      const bytes = tensor(`${name}_utf8`).data
      if (!(bytes instanceof Uint8Array)) throw invalid(`tensor "${name}_utf8" is not U8`)
      const ids = yield* decodeTextSteps(integers(`${name}_offsets`), bytes)
      const vocabulary = new VocabularyBuilder()
      for (const [i, id] of ids.entries()) {
        if (vocabulary.add(id) !== i) throw invalid(`${name} has an id twice`)
        if (i % 1_024 === 0) yield
      }
      return vocabulary.build()
    },
  }
}

/** The error of a file that is not a model. */
export function invalid(what: string): MarqueeError {
  return new MarqueeError('invalid-model', `Not a model that can be served: ${what}.`)
}
