import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { closedSchemas } from '../closed-schemas.ts'
import { type Media, type Operation, openApi, type Schema } from './document.ts'

/** A request, as far as the answer to it is judged by it. */
export type Asked = {
  readonly operation: Operation
  readonly method: string
  readonly path: string
  /** Whether the address is one of the operation: otherwise a router may have refused it. */
  readonly isAddressed: boolean
  /** What the body says, where it is JSON that can be read, and its type. */
  readonly json?: { readonly value: unknown; readonly type: string }
}
export type Answer = {
  /** 0 where there was none. */
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  readonly ms: number
  /** True where it was not read to its end, as a stream of events that goes on. */
  readonly isCut?: boolean
  /** Why there was none. */
  readonly fault?: string
}

/** Operations that take what they can and say of the rest what is wrong with it. */
const lineByLine = new Set(['rateMany', 'recommendMoviesToMany'])
/** What any server may say to an address, a method or headers that are none. */
const refusals = new Set([400, 404, 405, 413, 414, 415, 417, 431])
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
ajv.addSchema(closedSchemas(openApi), 'openapi')
const validators = new Map<Schema, ValidateFunction>()

/** What is wrong with an answer by `openapi.yaml`, a sentence for each; nothing is, as a rule. */
export function checkAnswer(
  asked: Asked,
  answer: Answer,
  secrets: readonly string[],
  mostMs = 5_000,
): string[] {
  const { operation, isAddressed } = asked
  const { status, body, ms } = answer
  if (status === 0) return [`no answer after ${Math.round(ms)} ms: ${answer.fault}`]
  const text = body.toString('latin1')
  const wrong: string[] = []
  if (status >= 500) wrong.push(`${status}: ${text.slice(0, 300)}`)
  if (ms > mostMs) wrong.push(`took ${Math.round(ms)} ms`)
  for (const secret of [...secrets, 'node_modules', '\n    at '])
    if (text.includes(secret)) wrong.push(`the answer tells ${JSON.stringify(secret)}`)
  const response = operation.responses[String(status)]
  const isRefused = !isAddressed && refusals.has(status)
  if (!response && !isRefused)
    return [...wrong, `${status} is not documented: ${text.slice(0, 200)}`]
  if (isRefused && !response) return [...wrong, ...checkProblem(answer, null)]
  const { content, description } = response!
  if (!content) {
    if (body.length > 0) wrong.push(`${status} has a body`)
    return wrong
  }
  const type = typeOf(answer)
  const media = content[type]
  if (!media) return [...wrong, `${status} of type ${type}, not ${Object.keys(content)}`]
  if (type.endsWith('problem+json'))
    return [...wrong, ...checkProblem(answer, isAddressed ? description : null)]
  wrong.push(...checkBody(media, type, answer))
  if (status < 300 && asked.json && !isTaken(asked))
    wrong.push(`took a body that its own schema refuses: ${JSON.stringify(asked.json.value)}`)
  return wrong
}

function typeOf({ headers }: Answer): string {
  return String(headers['content-type']).split(';', 1)[0]!.trim()
}

function checkBody({ schema }: Media, type: string, { body, isCut }: Answer): string[] {
  if (type === 'application/x-ndjson' && !isCut) {
    const lines = body.toString().split('\n')
    if (lines.pop() !== '') return ['the last line does not end']
    return lines.filter((line) => parsed(line) === undefined).map((line) => `no JSON: ${line}`)
  }
  if (type !== 'application/json' || !schema) return []
  const value = parsed(body.toString())
  return value === undefined ? ['the body is not JSON'] : against(schema, value)
}

/** A problem document that says the status of its answer and, where known, one of its codes. */
function checkProblem(answer: Answer, description: string | null): string[] {
  if (typeOf(answer) !== 'application/problem+json')
    return [`${answer.status} is no problem document: ${answer.body.toString('latin1', 0, 200)}`]
  const value = parsed(answer.body.toString()) as { status?: number; code?: string } | undefined
  const wrong = against({ $ref: '#/components/schemas/Problem' }, value)
  if (value?.status !== answer.status) wrong.push(`${answer.status} says ${value?.status}`)
  const codes = [...(description ?? '').matchAll(/`([a-z-]+)`:/g)].map(([, code]) => code)
  if (codes.length > 0 && !codes.includes(value?.code))
    wrong.push(`code ${value?.code} of ${answer.status} is not documented, ${codes} are`)
  return wrong
}

/** Whether the schema of the operation takes the body. */
function isTaken({ operation, json }: Asked): boolean {
  if (lineByLine.has(operation.id)) return true
  const { schema } = operation.bodies[json!.type] ?? {}
  return !schema || against(schema, json!.value).length === 0
}

function against(schema: Schema, value: unknown): string[] {
  let validate = validators.get(schema)
  if (!validate) {
    const whole = JSON.parse(JSON.stringify(closedSchemas({ schema })), (key, part) =>
      key === '$ref' ? `openapi${part}` : part,
    )
    validate = ajv.compile(whole.schema)
    validators.set(schema, validate)
  }
  return validate(value) ? [] : [`off its schema: ${ajv.errorsText(validate.errors)}`]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
