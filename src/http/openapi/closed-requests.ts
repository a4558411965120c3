import { mapParts, type Part, type Parts } from './part.ts'
import { usedSchemas } from './schema-forms.ts'

/**
 * The schemas, of which those of requests say that they take no other members; those of answers do
 * not, which may gain members. One that others are written with is closed where it stands alone.
 */
export function closeRequests(schemas: Parts, requests: Part): Parts {
  const asked = usedSchemas(requests, schemas)
  const open = new Set<string>()
  mapParts(asked, (part) => {
    for (const name of namesIn(part['allOf'])) open.add(name)
    return part
  })
  const isOpen = (property: Part) =>
    namesIn([property, property['oneOf']].flat()).some((name) => open.has(name))
  const closed = (part: Part): Part => {
    if (part['allOf']) return { ...opened(part), unevaluatedProperties: false }
    const members = Object.entries((part['properties'] ?? {}) as Parts)
    const properties = members.map(([name, property]) => [
      name,
      isOpen(property) ? { ...property, unevaluatedProperties: false } : property,
    ])
    return members.length === 0 ? part : { ...part, properties: Object.fromEntries(properties) }
  }
  const written = Object.entries(schemas).map(([name, schema]) => {
    if (!(name in asked)) return [name, mapParts(schema, opened)]
    return [name, open.has(name) ? opened(mapParts(schema, closed)) : mapParts(schema, closed)]
  })
  return Object.fromEntries(written)
}

/** An answer without saying that it has no other members. */
export function openAnswer<Answer extends Part>(answer: Answer): Answer {
  return mapParts(answer, opened)
}

function opened(part: Part): Part {
  const { additionalProperties, unevaluatedProperties: _, ...rest } = part
  return additionalProperties ? { ...rest, additionalProperties } : rest
}

/** The names of the schemas that these refer to. */
function namesIn(parts: unknown): string[] {
  return [parts ?? []].flat().flatMap((part) => {
    const ref = (part as Part | undefined)?.['$ref']
    return typeof ref === 'string' ? [ref.split('/').pop()!] : []
  })
}
