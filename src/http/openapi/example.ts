import type { Operation } from './document.ts'

/** One request to an operation and its answer, as the document shows them and a test tries them. */
export type Example = {
  /** Values of parameters in path, query and headers, by name. */
  parameters?: Readonly<Record<string, unknown>>
  body?: unknown
  answer: unknown
}

export type Examples = Readonly<Record<string, Example>>

type Media = Record<string, { example?: unknown }>

/** Puts the example of an operation where OpenAPI has its parts. */
export function placeExample(operation: Operation): void {
  const { 'x-example': example } = operation
  if (!example) return
  delete operation['x-example']
  for (const parameter of operation.parameters ?? [])
    if (parameter.name in (example.parameters ?? {}))
      parameter['example'] = example.parameters?.[parameter.name]
  if (example.body !== undefined) place(operation.requestBody?.content, example.body)
  place(Object.values(operation.responses)[0]?.content, example.answer)
}

/** The first type of content is the one that the example is of. */
function place(content: Media = {}, example: unknown): void {
  const [media] = Object.values(content)
  if (media) media.example = example
}
