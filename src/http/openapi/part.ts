/**
 * A part of an OpenAPI document, JSON Schemas included, of which only some members are looked at.
 */
export type Part = Record<string, unknown>
export type Parts = Record<string, Part>

export type Media = { schema?: Part; example?: unknown; examples?: Parts }
export type Content = Part & { content?: Record<string, Media>; headers?: Parts }
export type Parameter = Part & { name: string }
/** An operation of an OpenAPI document, as far as it is looked at here. */
export type Operation = Part & {
  operationId: string
  parameters?: Parameter[]
  requestBody?: Content
  responses: Record<string, Content>
}

/** The end of the name of a schema's request form; its answer form has the name alone. */
export const requestForm = 'Input'

/** The members in the order of their names. */
export function sorted<Value>(members: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The part with each object in it changed, the innermost first. */
export function mapParts<Whole>(whole: Whole, change: (part: Part) => Part): Whole {
  return JSON.parse(JSON.stringify(whole), (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? change(value) : value,
  )
}

/** What refers to a component of the document. */
export function refTo(kind: string, name: string): { $ref: string } {
  return { $ref: `#/components/${kind}/${name}` }
}
