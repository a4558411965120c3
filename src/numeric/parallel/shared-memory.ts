type Numbers = Float64Array | Float32Array | Uint32Array | Int32Array | Int16Array | Uint8Array

/**
 * The value with all its typed arrays in shared memory, so that handing it to another thread copies
 * none of them. Arrays that were views of one buffer are views of one again. Takes plain objects,
 * arrays and maps; whatever else is in them stays what it is.
 */
export function inSharedMemory<Value>(value: Value): Value {
  const copies = new Map<ArrayBufferLike, SharedArrayBuffer>()
  const share = (each: unknown): unknown => {
    if (ArrayBuffer.isView(each)) return shareArray(each as Numbers, copies)
    if (Array.isArray(each)) return each.map(share)
    if (each instanceof Map) return new Map([...each].map(([key, item]) => [key, share(item)]))
    if (typeof each !== 'object' || each === null || Object.getPrototypeOf(each) !== plain)
      return each
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, share(item)]))
  }
  return share(value) as Value
}

const plain = Object.prototype

function shareArray(array: Numbers, copies: Map<ArrayBufferLike, SharedArrayBuffer>): Numbers {
  const { buffer, byteOffset, length } = array
  if (buffer instanceof SharedArrayBuffer) return array
  const known = copies.get(buffer)
  const copy = known ?? new SharedArrayBuffer(buffer.byteLength)
  if (!known) {
    new Uint8Array(copy).set(new Uint8Array(buffer))
    copies.set(buffer, copy)
  }
  const Type = array.constructor as new (...view: [ArrayBufferLike, number, number]) => Numbers
  return new Type(copy, byteOffset, length)
}
