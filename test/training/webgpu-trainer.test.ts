import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { onSwiftShader, runProgram } from '../support/swiftshader.ts'

type Printed = {
  missing?: string
  digests: string[]
  cancelled: string
  tooLarge: { code: string; message: string }
}

let printed: Printed
before(async () => {
  printed = await runProgram(new URL('drive-webgpu.ts', import.meta.url), [], onSwiftShader)
})

const onGpu = (name: string, check: () => void) =>
  test(name, (t) => {
    if (printed.missing) return t.skip(`there is no WebGPU adapter here: ${printed.missing}`)
    check()
  })

onGpu(
  'a resumed training gives the bytes of an undisturbed one, and so does the same again',
  () => {
    const [whole, resumed, again] = printed.digests
    assert.equal(resumed, whole)
    assert.equal(again, whole)
  },
)

onGpu('an aborted signal ends a training between two chunks', () => {
  assert.equal(printed.cancelled, 'cancelled')
})

onGpu('a training that does not fit into a buffer is refused with both sizes', () => {
  assert.equal(printed.tooLarge.code, 'no-engine')
  assert.match(
    printed.tooLarge.message,
    /too large for engine "webgpu": 70 rows of 8 numbers take 0.00214 MiB in one buffer, and this device allows 0.000977 MiB/,
  )
})
