import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { textColumn, textsOf } from '../../src/model/data/text-column.ts'
import { decodeTensors, encodeTensors, type Tensor } from '../../src/model/file/safetensors.ts'
import { decodeText, encodeText } from '../../src/model/file/text-tensors.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const text = encodeText(textColumn(['', 'a', 'é', '🎬', 'Toy Story']))
const sample = new Map<string, Tensor>([
  ['bytes', { shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ['factors', { shape: [2, 2], data: Float32Array.of(0.5, -1, Number.NaN, Infinity) }],
  ['year', { shape: [1], data: Int16Array.of(-7) }],
  ['wide', { shape: [1], data: Float64Array.of(Math.PI) }],
  ['index', { shape: [2], data: Uint32Array.of(0, 4_294_967_295) }],
  ['nothing', { shape: [0, 5], data: new Float32Array(0) }],
  ['scalar', { shape: [], data: Float32Array.of(3) }],
  ['__proto__', { shape: [1], data: Uint8Array.of(9) }],
  ['7', { shape: [1], data: Uint8Array.of(7) }],
  ['text.offsets', text.offsets],
  ['text.bytes', text.bytes],
])
const metadata = { format: 'test', version: '1' }
const file = () => Buffer.concat(encodeTensors(sample, metadata))

/** A file with this header as it stands, and so many bytes of data. */
function withHeader(header: string, dataBytes = 0): Uint8Array {
  const json = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8), 'utf8')
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)])
}

function assertDamaged(bytes: Uint8Array, message: RegExp = /^Not a readable tensor file: .+\.$/) {
  assert.throws(
    () => decodeTensors(bytes),
    (error) => {
      assert.ok(error instanceof MarqueeError, String(error))
      assert.equal(error.code, 'invalid-model')
      assert.match(error.message, message)
      return true
    },
  )
}

const entry = (dtype: string, shape: number[], from: number, to: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] })

test('what is encoded is decoded again, whatever the names, types and shapes', () => {
  const decoded = decodeTensors(file())
  assert.deepEqual(decoded.tensors.size, sample.size)
  for (const [name, tensor] of sample) assert.deepEqual(decoded.tensors.get(name), tensor, name)
  assert.deepEqual({ ...decoded.metadata }, metadata)
})

test('a file is decoded wherever it lies in memory, as a Buffer and as a Uint8Array', () => {
  const bytes = file()
  for (let shift = 0; shift < 9; shift++)
    for (const room of [Buffer.alloc(bytes.length + 20), new Uint8Array(bytes.length + 20)]) {
      room.set(bytes, shift)
      const decoded = decodeTensors(room.subarray(shift, shift + bytes.length))
      for (const [name, tensor] of sample) assert.deepEqual(decoded.tensors.get(name), tensor, name)
    }
})

test('aligned tensors share the memory of the file', () => {
  const bytes = new Uint8Array(file())
  assert.equal(decodeTensors(bytes).tensors.get('factors')?.data.buffer, bytes.buffer)
})

test('a file with no tensor is a file', () => {
  const decoded = decodeTensors(Buffer.concat(encodeTensors(new Map())))
  assert.equal(decoded.tensors.size, 0)
})

test('the header is padded so that data start at a multiple of 8', () => {
  const bytes = file()
  assert.equal((8 + Number(bytes.readBigUInt64LE())) % 8, 0)
})

test('a tensor whose data do not fit its shape is not written', () => {
  const wrong = new Map([['a', { shape: [3], data: new Float32Array(2) }]])
  assert.throws(() => encodeTensors(wrong), RangeError)
})

test('a tensor named like the metadata is not written', () => {
  const wrong = new Map([['__metadata__', { shape: [2], data: new Float32Array(2) }]])
  assert.throws(() => encodeTensors(wrong), RangeError)
})

test('a file that was cut anywhere is refused', () => {
  const bytes = file()
  for (let length = 0; length < bytes.length; length++) assertDamaged(bytes.subarray(0, length))
})

test('bytes after the last tensor are refused', () => {
  for (const extra of [1, 8, 1_000])
    assertDamaged(Buffer.concat([file(), Buffer.alloc(extra)]), /the tensors end at byte/)
})

test('a flipped bit in the header gives one kind of error, or a file that is still whole', () => {
  const bytes = file()
  const headerEnd = 8 + Number(bytes.readBigUInt64LE())
  for (let bit = 0; bit < headerEnd * 8; bit++) {
    const mutant = Buffer.from(bytes)
    mutant[bit >> 3]! ^= 1 << (bit & 7)
    assertDamagedOrWhole(mutant)
  }
})

test('random damage gives one kind of error, or a file that is still whole', () => {
  const random = createRandom(1, 'safetensors')
  const bytes = file()
  for (let round = 0; round < 5_000; round++) {
    const mutant = Buffer.from(bytes)
    for (let change = random.below(4); change >= 0; change--)
      if (random.below(2) === 0) mutant[random.below(mutant.length)] = random.below(256)
      else mutant.copyWithin(random.below(mutant.length), random.below(mutant.length))
    assertDamagedOrWhole(mutant.subarray(0, mutant.length - random.below(2) * random.below(50)))
  }
})

function assertDamagedOrWhole(mutant: Uint8Array): void {
  try {
    for (const { shape, data } of decodeTensors(mutant).tensors.values())
      assert.equal(
        data.length,
        shape.reduce((product, size) => product * size, 1),
      )
  } catch (error) {
    if (!(error instanceof MarqueeError)) throw error
    assert.equal(error.code, 'invalid-model')
  }
}

test('a header length beyond the file, or beyond 2^53, is refused before it is used', () => {
  for (const length of [0n, 1n, 1_000_001n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    const bytes = file()
    bytes.writeBigUInt64LE(length)
    assertDamaged(bytes)
  }
})

test('holes and overlaps are refused', () => {
  const overlap = `{"a":${entry('U8', [4], 0, 4)},"b":${entry('U8', [4], 2, 6)}}`
  const hole = `{"a":${entry('U8', [4], 0, 4)},"b":${entry('U8', [4], 5, 9)}}`
  const late = `{"a":${entry('U8', [4], 4, 8)}}`
  const shared = `{"a":${entry('U8', [4], 0, 4)},"b":${entry('U8', [4], 0, 4)}}`
  for (const [header, size] of [
    [overlap, 6],
    [hole, 9],
    [late, 8],
    [shared, 4],
  ] as const)
    assertDamaged(withHeader(header, size), /holes or overlaps/)
})

test('a shape that overflows or does not fit its bytes is refused', () => {
  const max = Number.MAX_SAFE_INTEGER
  for (const shape of [[max, max], [2 ** 32, 2 ** 32], [max], [5], [3], [2, 2, 2]])
    assertDamaged(withHeader(`{"a":${entry('U8', shape, 0, 4)}}`, 4), /its shape needs/)
})

test('sizes and offsets that are not whole and positive are refused', () => {
  for (const shape of ['[-4]', '[4.5]', '["4"]', '[null]', '4', 'null', '[1e400]', '{}'])
    assertDamaged(withHeader(`{"a":{"dtype":"U8","shape":${shape},"data_offsets":[0,4]}}`, 4))
  for (const offsets of ['[4,0]', '[0]', '[0,4,4]', '[-4,0]', '["0","4"]', 'null', '[0,1e300]'])
    assertDamaged(withHeader(`{"a":{"dtype":"U8","shape":[4],"data_offsets":${offsets}}}`, 4))
})

test('a type of number that is not known is refused, also one named like a method', () => {
  for (const dtype of ['F16', 'constructor', '__proto__', 'toString', ''])
    assertDamaged(withHeader(`{"a":${entry(dtype, [4], 0, 4)}}`, 4), /has dtype/)
})

test('a name that stands twice is refused, also when the header is as long as without it', () => {
  const one = entry('U8', [4], 0, 4)
  assertDamaged(withHeader(`{"a":${one},"a":${one}}`, 4), /canonical JSON/)
  assertDamaged(withHeader(`{"a":{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}}`, 4))
  // The second "b" is lost when it is read; 1E9 grows by as much when it is written out.
  assertDamaged(
    withHeader(
      `{"__metadata__":{"b":"","b":""},"a":{"dtype":"U8","shape":[1E9,0],"data_offsets":[0,0]}}`,
    ),
  )
})

test('a tensor that is not aligned to its elements is refused', () => {
  const header = `{"a":${entry('U8', [1], 0, 1)},"b":${entry('F32', [1], 1, 5)}}`
  assertDamaged(withHeader(header, 5), /not aligned/)
})

test('a header that is no JSON object of tensors is refused', () => {
  for (const header of ['', 'null', '[]', '[{}]', '{', '{"a"', '{"a":1}', '{"a":null}', '{"a":[]}'])
    assertDamaged(withHeader(header))
  for (const found of ['1', 'null', '[]', '{"a":1}', '{"a":{}}'])
    assertDamaged(withHeader(`{"__metadata__":${found}}`), /"__metadata__" is not a map of strings/)
  assertDamaged(withHeader(`{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`))
  const notUtf8 = Buffer.from(withHeader('{"aaaaaaa":1}'))
  notUtf8[12] = 0xff
  assertDamaged(notUtf8, /not UTF-8/)
})

test('texts are decoded again', () => {
  const texts = ['', 'a', 'é', '🎬', 'x'.repeat(1_000)]
  const { offsets, bytes } = encodeText(textColumn(texts))
  assert.deepEqual(textsOf(decodeText(offsets.data, bytes.data)), texts)
  const none = encodeText(textColumn([]))
  assert.deepEqual(textsOf(decodeText(none.offsets.data, none.bytes.data)), [])
})

test('a table of texts that does not fit its offsets is refused', () => {
  const bytes = Uint8Array.of(65, 66, 67)
  for (const offsets of [
    Uint32Array.of(),
    Uint32Array.of(0),
    Uint32Array.of(1, 3),
    Uint32Array.of(0, 2),
    Uint32Array.of(0, 4),
    Uint32Array.of(0, 4, 3),
    Uint32Array.of(0, 2, 1, 3),
    Float64Array.of(0, Number.NaN, 3),
    Float32Array.of(0, 1.5, 3),
  ])
    assert.throws(
      () => decodeText(offsets, bytes),
      (error) => error instanceof MarqueeError && error.code === 'invalid-model',
    )
  assert.throws(
    () => decodeText(Uint32Array.of(0, 2), Float32Array.of(1, 2)),
    (error) => error instanceof MarqueeError,
  )
})
