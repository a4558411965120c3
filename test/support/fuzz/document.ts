import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export type Schema = { readonly [key: string]: unknown }
export type Media = { readonly schema?: Schema; readonly example?: unknown }
export type Response = {
  readonly description: string
  readonly content?: Readonly<Record<string, Media>>
}
export type Parameter = {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
  readonly example?: unknown
}
/** An operation of the document with all that it refers to in its place, schemas apart. */
export type Operation = {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** By content type. */
  readonly bodies: Readonly<Record<string, Media>>
  /** By status. */
  readonly responses: Readonly<Record<string, Response>>
}

type Written = {
  operationId: string
  parameters?: object[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, object>
}

const document = parse(
  readFileSync(new URL('../../../openapi.yaml', import.meta.url), 'utf8'),
) as Schema & { paths: Record<string, Record<string, Written>> }

/** All of `openapi.yaml`, for its references. */
export const openApi: Schema = document

/** What a `$ref` refers to; anything else as it is. */
export function resolved<Part extends object>(part: Part): Part {
  const { $ref } = part as { $ref?: string }
  if ($ref === undefined) return part
  const [, ...names] = $ref.split('/')
  return names.reduce<unknown>((at, name) => (at as Schema)[name], document) as Part
}

/** The operations of `openapi.yaml`, in its order. */
export const operations: readonly Operation[] = Object.entries(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, written]) => ({
      id: written.operationId,
      method: method.toUpperCase(),
      path,
      parameters: (written.parameters ?? []).map((one) => resolved(one) as Parameter),
      bodies: written.requestBody?.content ?? {},
      responses: Object.fromEntries(
        Object.entries(written.responses).map(([status, one]) => [
          status,
          resolved(one) as Response,
        ]),
      ),
    })),
)
