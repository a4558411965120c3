import { isDeepStrictEqual } from 'node:util'
import { type Part, type Parts, refTo, requestForm, sorted } from './part.ts'
import { shareMembers } from './shared-members.ts'

type WithSchemas = Part & { components: Part & { schemas: Parts } }

const plain = (name: string) =>
  name.endsWith(requestForm) ? name.slice(0, -requestForm.length) : name

/**
 * The document with as few schemas as it needs, sorted by name. Each was collected in a form for
 * requests and in one for answers: a form that is not used goes, and the first keeps its suffix
 * only where both are used and differ.
 */
export function schemaForms<Document extends WithSchemas>(document: Document): Document {
  const { components, ...rest } = document
  const { schemas: all, ...others } = components
  const used = usedSchemas({ ...rest, others }, shareMembers(all))
  const differing = differingForms(used)
  const finalName = (name: string) => (differing.has(plain(name)) ? name : plain(name))
  // Of two forms that do not differ that of requests stays, which tells the defaults.
  const worded = Object.entries(used)
    .sort(([a], [b]) => Number(a.endsWith(requestForm)) - Number(b.endsWith(requestForm)))
    .map(([name, schema]) => [finalName(name), withoutDefaults(schema, name)] as const)
  const named: Document = JSON.parse(
    JSON.stringify({
      ...document,
      components: { ...components, schemas: Object.fromEntries(worded) },
    }),
    (key, value) => (key === '$ref' ? value.replace(/(?<=\/schemas\/).+/, finalName) : value),
  )
  named.components.schemas = shortenAnswers(sorted(named.components.schemas))
  return named
}

/**
 * Members with a default are optional in a request and present in an answer. Generators of clients
 * take one with the keyword `default` for present in both, so it is said in words.
 */
function withoutDefaults(schema: Part, name: string): Part {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (value?.default === undefined) return value
    const { default: standard, ...part } = value
    // An empty object stands for the defaults of its own members.
    const text = JSON.stringify(standard)
    if (!name.endsWith(requestForm) || text === '{}') return part
    const words = [part.description, `Default ${text}.`].filter(Boolean)
    return { ...part, description: words.join(' ') }
  })
}

/** Writes the schema of an answer as that of its request with more members required. */
function shortenAnswers(schemas: Parts): Parts {
  const shorten = (schema: Part, name: string): Part => {
    const request = schemas[name + requestForm]
    if (!request?.['properties'] || !schema['required']) return schema
    const asked = request['properties'] as Parts
    const { allOf = [], required, properties, description } = schema
    const own = Object.entries(properties as Parts).filter(([member, property]) => {
      const same = { ...property, description: asked[member]?.['description'] }
      return !isDeepStrictEqual(same, { description: undefined, ...asked[member] })
    })
    return {
      allOf: [refTo('schemas', name + requestForm), ...(allOf as Part[])],
      required,
      ...(own.length > 0 && { properties: Object.fromEntries(own) }),
      ...(description !== request['description'] && { description }),
    }
  }
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, shorten(schema, name)]),
  )
}

/**
 * Plain names of the schemas whose two forms differ, in themselves or in a schema they refer to.
 * What is required of members without a name of their own is not looked at, nor that an answer has
 * no more members.
 */
function differingForms(schemas: Parts): Set<string> {
  const both = Object.keys(schemas).filter((name) => plain(name) !== name && plain(name) in schemas)
  const differing = new Set<string>()
  const text = (name: string) => {
    const { required, ...schema } = schemas[name]!
    return JSON.stringify([String(required), schema], (key, value) => {
      if (key === 'required' || (key === 'additionalProperties' && value === false))
        return undefined
      if (key !== '$ref') return value
      return differing.has(plain(value.split('/').pop())) ? value : plain(value)
    })
  }
  for (let before = -1; before < differing.size; ) {
    before = differing.size
    for (const name of both) if (text(name) !== text(plain(name))) differing.add(plain(name))
  }
  return differing
}

/** The schemas that these parts refer to, directly or through others. */
export function usedSchemas(parts: Part, schemas: Parts): Parts {
  const text = JSON.stringify({ parts, schemas })
  const used = Object.entries(schemas).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  )
  const pruned = Object.fromEntries(used)
  return used.length === Object.keys(schemas).length ? pruned : usedSchemas(parts, pruned)
}
