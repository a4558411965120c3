import { readFileSync } from 'node:fs'
import type { Content, Operation } from './part.ts'

/** One request to an operation and its answer, as the document shows them and a test sends them. */
type Example = {
  /** Values of parameters in path, query and headers, by name. */
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  /** Not there where it is bytes. */
  readonly answer?: unknown
}

/** By operation; docs/ stands beside src/ and beside dist/. */
const examples: Readonly<Record<string, Example>> = JSON.parse(
  readFileSync(new URL('../../../docs/examples.json', import.meta.url), 'utf8'),
)

/** Puts the example of an operation where OpenAPI has its parts. */
export function placeExample(operation: Operation): void {
  const example = examples[operation.operationId]
  if (!example) return
  for (const parameter of operation.parameters ?? [])
    if (parameter.name in (example.parameters ?? {}))
      parameter['example'] = example.parameters?.[parameter.name]
  if (example.body !== undefined) place(operation.requestBody?.content, example.body)
  if (example.answer !== undefined)
    place(Object.values(operation.responses)[0]?.content, example.answer)
}

/** The first type of content is the one that the example is of. */
function place(content: Content['content'] = {}, example: unknown): void {
  const [media] = Object.values(content)
  if (media) media.example = example
}
