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
  if ($ref === undefined) return schema
  const found = document.components.schemas[$ref.replace('#/components/schemas/', '')] ?? {}
  const meant = resolve(document, found)
  const texts = [own.description, meant.description].filter((text) => text !== undefined)
  return { ...meant, ...own, ...(texts.length > 0 && { description: texts.reverse().join(' ') }) }
}

/** The alternatives that a schema leaves, none of which leaves any. */
export function alternatives(document: Document, schema: Schema): Schema[] {
  const meant = resolve(document, schema)
  const inner = meant.anyOf ?? meant.oneOf
  if (inner === undefined) return [meant]
  return inner.flatMap((one) => alternatives(document, one))
}

export type { Document as OpenApiDocument }
