type Part = { readonly [key: string]: unknown }

/**
 * The part of an OpenAPI document with each schema of a value closed: no answer has a member that
 * none of its schemas names, though a client is to expect that later ones do.
 */
export function closedSchemas<Whole>(whole: Whole): Whole {
  return JSON.parse(JSON.stringify(whole), (_, part) => {
    if (!isObject(part)) return part
    const { properties, items, schema } = part
    return {
      ...part,
      ...(isObject(properties) && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, property]) => [name, closed(property)]),
        ),
      }),
      ...(isObject(items) && { items: closed(items) }),
      ...(isObject(schema) && { schema: closed(schema) }),
    }
  })
}

function closed(schema: unknown): unknown {
  const isOfMembers =
    isObject(schema) &&
    ['$ref', 'properties', 'allOf', 'anyOf', 'oneOf'].some((key) => key in schema)
  return isOfMembers ? { unevaluatedProperties: false, ...schema } : schema
}

function isObject(part: unknown): part is Part {
  return typeof part === 'object' && part !== null && !Array.isArray(part)
}
