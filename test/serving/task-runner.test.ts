import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { encodeModel } from '../../src/model/file/model-file.ts'
import type { Model } from '../../src/model/model.ts'
import { rankingSpecSchema } from '../../src/model/spec/ranking-spec.ts'
import { prepareModel } from '../../src/serving/load/prepared-model.ts'
import { createTaskRunner } from '../../src/serving/thread/task-runner.ts'
import { dotBiasModel, netModel, rankedModel } from '../support/models.ts'

const spec = rankingSpecSchema.parse({})
const long = 1e12
const short = 0

/** The input of `prepareModel`, with bytes of its own. */
function inputOf(model: Model) {
  const bytes = new Uint8Array(Buffer.concat(encodeModel(model)))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const seal = { version: 'v1', tensors: { sizeBytes: bytes.length, sha256 } }
  return [bytes, seal, spec, 1] as const
}

/** Every typed array in a value, with the path to it. */
function arraysIn(value: unknown, path = ''): [string, NodeJS.TypedArray][] {
  if (ArrayBuffer.isView(value)) return [[path, value as NodeJS.TypedArray]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => arraysIn(item, `${path}/${key}`))
}

test('a model that a thread has prepared is the one that is prepared at once, in shared memory', async (t) => {
  const runner = createTaskRunner()
  t.after(() => runner.close())
  for (const model of [dotBiasModel({ users: 50, movies: 300 }), rankedModel(), netModel()]) {
    const there = await runner.run('prepareModel', long, ...inputOf(model))
    const here = prepareModel(...inputOf(model))
    const numbers = (prepared: typeof here) =>
      arraysIn(prepared).map(([path, array]) => [path, [...(array as Float32Array)]])
    assert.deepEqual(numbers(there), numbers(here))
    assert.deepEqual(there.model.users.text, here.model.users.text)
    assert.ok(arraysIn(there).length > 20)
    for (const [path, array] of arraysIn(there))
      assert.ok(array.buffer instanceof SharedArrayBuffer, path)
  }
})

test('bytes are handed to the thread, not copied, and a short task leaves them where they are', async (t) => {
  const runner = createTaskRunner()
  t.after(() => runner.close())
  const given = inputOf(dotBiasModel())
  await runner.run('prepareModel', short, ...given)
  assert.notEqual(given[0].length, 0)
  await runner.run('prepareModel', long, ...given)
  assert.equal(given[0].length, 0)
})

test('an error of a task has its code and its sentence, and the next task goes on', async (t) => {
  const runner = createTaskRunner()
  t.after(() => runner.close())
  const [bytes, seal] = inputOf(dotBiasModel())
  const other = { ...seal, tensors: { ...seal.tensors, sha256: '0'.repeat(64) } }
  await assert.rejects(async () => runner.run('prepareModel', long, bytes, other, spec, 0), {
    code: 'invalid-model',
    message: /SHA-256/,
  })
  await runner.run('prepareModel', long, ...inputOf(dotBiasModel()))
})

test('the event loop turns while a thread computes', async (t) => {
  const runner = createTaskRunner()
  t.after(() => runner.close())
  let isOver = false
  let turns = 0
  const run = async () => {
    await runner.run(
      'prepareModel',
      long,
      ...inputOf(dotBiasModel({ users: 2_000, movies: 5_000 })),
    )
    isOver = true
  }
  const task = run()
  while (!isOver) {
    await nextTurn()
    turns += 1
  }
  await task
  assert.ok(turns > 50, `${turns}`)
})

test('a task whose thread has ended is an error, and the next one has a new thread', async (t) => {
  const runner = createTaskRunner()
  t.after(() => runner.close())
  const lost = async () => runner.run('prepareModel', long, ...inputOf(dotBiasModel()))
  const refused = assert.rejects(lost, { code: 'internal', message: /thread/ })
  await runner.close()
  await refused
  const { model } = await runner.run('prepareModel', long, ...inputOf(dotBiasModel()))
  assert.equal(model.userFactors.rows, 4)
})

test('what is posted while an idle thread ends has a thread of its own', async (t) => {
  const runner = createTaskRunner({ idleMs: 0 })
  t.after(() => runner.close())
  for (let round = 0; round < 6; round++) {
    await runner.run('prepareModel', long, ...inputOf(dotBiasModel()))
    // The timer of the idle thread is due by now, and its end is not.
    await new Promise((resolve) => setTimeout(resolve, 1 + (round % 3)))
  }
})
