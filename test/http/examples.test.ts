import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { LightMyRequestResponse } from 'fastify'
import { parse } from 'yaml'
import { ZipFile } from 'yazl'
import { inject } from '../support/app.ts'
import { closedSchemas } from '../support/closed-schemas.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { exampleIds, openExampleApp } from './example-app.ts'

type Media = { schema: object; example?: unknown; examples?: { shown: { $ref: string } } }
type Content = Record<string, Media>
type Parameter = { $ref?: string; name: string; in: string; example?: unknown }
type Operation = {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

const written = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')
const document = parse(written) as {
  paths: Record<string, Record<string, Operation>>
  components: {
    parameters: Record<string, Parameter>
    examples: Record<string, { value: unknown }>
  }
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation: { ...operation, parameters: (operation.parameters ?? []).map(found) },
  })),
)
const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(
  closedSchemas(document),
  'openapi',
)

let redis: TestRedis
before(async () => {
  redis = await startRedis()
})
after(() => redis.stop())

/** What differs from one service to the next: of these an example shows the kind alone. */
const differs = new Set([
  'createdAt',
  'at',
  'importedAt',
  'requestedAt',
  'doneAt',
  'finishedAt',
  'startedAt',
  'endedAt',
  'changedAt',
  'dueAt',
  'ranAt',
  'nextTick',
  'segment',
  'nextCursor',
  'sha256',
  'epoch',
  'seq',
])

/** The operations that change what others answer, so that each has a service of its own. */
const changes = new Set(
  'cancelTraining compactRatings deleteBatch deleteMovie deleteRating deleteSchedule eraseUser importArchive importMovies patchMovie promoteModel putBatchInput putMovie putRating putSchedule rateMany rollbackModel runSchedule startExperiment startTraining undoImport'.split(
    ' ',
  ),
)

test('every operation answers as its example says', async (t) => {
  const unchanged = await openExampleApp(t, redis.url)
  for (const { path, method, operation } of operations)
    await t.test(operation.operationId, async (t) => {
      const { operationId } = operation
      const needEarlier = ['compareModels', 'promoteModel', 'rollbackModel', 'startExperiment']
      const hasEarlier = needEarlier.includes(operationId)
      const hasExperiment = /Experiments?$/.test(operationId) && !hasEarlier
      const { app, jobIds } =
        hasEarlier || changes.has(operationId) || hasExperiment
          ? await openExampleApp(t, redis.url, {
              hasEarlier,
              hasExperiment,
              isRated: operationId === 'compactRatings',
            })
          : unchanged
      const response = await inject(app, {
        method: method as 'get',
        url: renamed(addressOf(path, operation), exampleIds, jobIds),
        ...(await bodyOf(operation)),
      })
      const answered = { ...response, body: renamed(response.body, jobIds, exampleIds) }
      const hasNewId = ['putBatchInput', 'startTraining', 'eraseUser', 'listImports'].includes(
        operationId,
      )
      const ids = operationId === 'runSchedule' ? ['job'] : hasNewId ? ['id', 'input'] : []
      isAsShown(operation, answered, new Set([...differs, ...ids]))
    })
})

/** Fails unless the answer is the first one that the document shows for the operation. */
function isAsShown(
  { responses }: Operation,
  { statusCode, headers, body }: Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>,
  differing: Set<string>,
) {
  const [status, { content }] = Object.entries(responses)[0]!
  assert.equal(String(statusCode), status, body)
  if (!content) return assert.equal(body, '')
  const [[type, { schema, ...shown }]] = Object.entries(content) as [[string, Media]]
  const example = exampleOf(shown)
  assert.equal(String(headers['content-type']).split(';')[0], type)
  if (type === 'application/octet-stream') return assert.notEqual(body, '')
  assert.notEqual(example, undefined, 'there is no example of the answer')
  if (type !== 'application/json')
    return assert.equal(withoutNumbers(body), withoutNumbers(example as string))
  const answer = JSON.parse(body)
  for (const one of [answer, example])
    assert.ok(ajv.validate(resolved(schema), one), ajv.errorsText())
  isLike(answer, example, differing)
}

test('every operation with a body or with parameters that must be given shows a request', () => {
  for (const { operation } of operations) {
    const { operationId, parameters = [], requestBody } = operation
    for (const { in: place, name, example } of parameters)
      if (place === 'path') assert.notEqual(example, undefined, `${operationId}: ${name}`)
    const [media] = Object.values(requestBody?.content ?? {})
    if (media && operationId !== 'importArchive')
      assert.notEqual(media.example, undefined, operationId)
  }
})

function found(parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').pop()
  return name === undefined ? parameter : document.components.parameters[name]!
}

/** The example of an answer, which stands among the components where several have it. */
function exampleOf({ example, examples }: Pick<Media, 'example' | 'examples'>): unknown {
  const name = examples?.shown.$ref.split('/').pop()
  return name === undefined ? example : document.components.examples[name]?.value
}

/** The path with the examples of its parameters in their places. */
function addressOf(path: string, { parameters = [] }: Operation): string {
  const shown = parameters.filter(({ example }) => example !== undefined)
  const query = new URLSearchParams()
  for (const { in: place, name, example } of shown)
    if (place === 'query') query.set(name, String(example))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(String(shown.find((parameter) => parameter.name === name)?.example)),
  )
  return `${filled}?${query}`
}

/** The example of the body; a zip has none. */
async function bodyOf({ operationId, requestBody }: Operation) {
  if (operationId === 'importArchive')
    return { payload: await zipOfMovieLens(), headers: { 'content-type': 'application/zip' } }
  const [media] = Object.entries(requestBody?.content ?? {})
  if (!media) return {}
  const [type, { example }] = media
  const payload = typeof example === 'string' ? example : JSON.stringify(example)
  return { payload, headers: { 'content-type': type } }
}

async function zipOfMovieLens(): Promise<Buffer> {
  const zip = new ZipFile()
  const file = (name: string, text: string) =>
    zip.addBuffer(Buffer.from(text), `ml-latest-small/${name}`)
  file('ratings.csv', 'userId,movieId,rating,timestamp\n15,318,4.5,1000\n16,318,4,1000\n')
  file('movies.csv', 'movieId,title,genres\n356,Forrest Gump (1994),Drama\n')
  file('README.txt', 'A part of MovieLens.\n')
  zip.end()
  return buffer(zip.outputStream)
}

/** The text with the ids of one side in place of those of the other. */
function renamed(text: string, from: Record<string, string>, to: Record<string, string>): string {
  return Object.keys(from).reduce((renamed, name) => {
    return to[name] === undefined ? renamed : renamed.replaceAll(from[name]!, to[name])
  }, text)
}

/** Numbers that grow, and cursors, differ from one service to the next. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/(?<=id: )[\d-]+/g, '0').replaceAll(/(?<="nextCursor":")[^"]+/g, '')
}

/** The schema with its references as ajv finds them in the document. */
function resolved(schema: object): object {
  const whole = JSON.parse(JSON.stringify(closedSchemas({ schema })), (key, value) =>
    key === '$ref' ? `openapi${value}` : value,
  )
  return whole.schema
}

/**
 * Fails unless both have the same members, numbers being equal to the four decimals that are shown
 * and those of these names of one type.
 */
function isLike(answer: unknown, example: unknown, differing: Set<string>, at = ''): void {
  if (typeof answer === 'number' && typeof example === 'number')
    assert.ok(Math.abs(answer - example) < 1e-4, `${at}: ${answer}, but the example has ${example}`)
  else if (!isObject(answer) || !isObject(example)) assert.equal(answer, example, at)
  else {
    assert.deepEqual(Object.keys(answer).sort(), Object.keys(example).sort(), at)
    for (const [name, value] of Object.entries(answer))
      if (differing.has(name)) assert.equal(typeof value, typeof example[name], `${at}/${name}`)
      else isLike(value, example[name], differing, `${at}/${name}`)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
