/** A part of a JSON schema, as far as forms need it. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

type Document = {
  readonly info: { readonly version: string }
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

let asked: Promise<Document> | null = null

/** What the service says of its API; asked for until it has been answered once. */
export function openApi(): Promise<Document> {
  asked ??= load().catch((error: unknown) => {
    asked = null
    throw error
  })
  return asked
}

async function load(): Promise<Document> {
  const response = await fetch('/openapi.json')
  if (!response.ok) throw new Error(`The description of the API answered ${response.status}.`)
  return response.json()
}

/** The schema with what it refers to put in; what it says itself goes before. */
export function resolve(document: Document, schema: Schema): Schema {
  const { $ref, ...own } = schema
  if ($ref === undefined) return joined(document, schema)
  const found = document.components.schemas[$ref.replace('#/components/schemas/', '')] ?? {}
  const meant = resolve(document, found)
  const texts = [own.description, meant.description].filter((text) => text !== undefined)
  return { ...meant, ...own, ...(texts.length > 0 && { description: texts.reverse().join(' ') }) }
}

/** An object that is made of others as one that has all of their members behind its own. */
function joined(document: Document, schema: Schema): Schema {
  const { allOf, ...own } = schema
  if (allOf === undefined) return schema
  const parts = [own, ...allOf.map((part) => resolve(document, part)), own]
  return {
    ...own,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required = [] }) => required),
  }
}

/** The alternatives that a schema leaves, each of one type, none of which leaves any. */
export function alternatives(document: Document, schema: Schema): Schema[] {
  const { type, ...meant } = resolve(document, schema)
  const inner = meant.anyOf ?? meant.oneOf
  if (inner !== undefined) return inner.flatMap((one) => alternatives(document, one))
  return [type ?? []].flat().length < 2
    ? [resolve(document, schema)]
    : [type!].flat().map((one) => ({ ...meant, type: one }))
}

export type { Document as OpenApiDocument }
