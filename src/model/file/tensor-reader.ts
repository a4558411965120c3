import { MarqueeError } from '../../errors.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { idTable, Vocabulary } from '../data/vocabulary.ts'
import type { Tensor } from './safetensors.ts'
import { decodeText } from './text-tensors.ts'

export type TensorReader = ReturnType<typeof createTensorReader>

/** Reads a model's tensors by name; an `invalid-model` error says what is wrong with one. */
export function createTensorReader(tensors: ReadonlyMap<string, Tensor>) {
  const tensor = (name: string): Tensor => {
    const found = tensors.get(name)
    if (!found) throw invalid(`it has no tensor "${name}"`)
    return found
  }
  const floats = (name: string, length?: number): Float32Array => {
    const { data } = tensor(name)
    if (!(data instanceof Float32Array)) throw invalid(`tensor "${name}" is not F32`)
    if (length !== undefined && data.length !== length)
      throw invalid(`tensor "${name}" has ${data.length} elements, expected ${length}`)
    if (!data.every(Number.isFinite)) throw invalid(`tensor "${name}" has NaN or infinite values`)
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
    pair(name: string): [number, number] {
      const [lowest, highest] = floats(name, 2) as unknown as [number, number]
      if (lowest > highest) throw invalid(`tensor "${name}" is not [lowest, highest]`)
      return [lowest, highest]
    },
    matrix(name: string, rows?: number): Matrix {
      const { shape } = tensor(name)
      if (shape.length !== 2 || (rows !== undefined && shape[0] !== rows))
        throw invalid(
          `tensor "${name}" has shape [${shape}], expected [${rows ?? 'rows'}, columns]`,
        )
      return { rows: shape[0]!, columns: shape[1]!, data: floats(name) }
    },
    ids(name: string): Vocabulary {
      const bytes = tensor(`${name}_utf8`).data
      if (!(bytes instanceof Uint8Array)) throw invalid(`tensor "${name}_utf8" is not U8`)
      const ids = decodeText(integers(`${name}_offsets`), bytes)
      try {
        return new Vocabulary(idTable(ids))
      } catch {
        throw invalid(`${name} has an id twice`)
      }
    },
  }
}

/** The error of a file that is not a model. */
export function invalid(what: string): MarqueeError {
  return new MarqueeError('invalid-model', `Not a model that can be served: ${what}.`)
}
