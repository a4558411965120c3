import { Document, isMap, isPair, isScalar, Scalar, stringify, visit } from 'yaml'

/** Generated lines are longer than those that people write: what fits into one stands in one. */
const width = 140
const flow = { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 } as const

/** A value that is written between brackets or braces, its lines filled. */
class Filled {
  readonly text: string
  constructor(value: unknown) {
    this.text = stringify(value, { ...flow, compat: 'yaml-1.1' }).trimEnd()
  }
}
const filled = {
  tag: 'filled',
  default: true,
  identify: (value: unknown) => value instanceof Filled,
  resolve: (text: string) => text,
  stringify: ({ value }: Scalar, { indent }: { indent: string }) => broken(value as Filled, indent),
}

/**
 * YAML in which each list and mapping that fits on its line stands on it, and examples and lists of
 * names fill theirs.
 */
export function compactYaml(value: unknown): string {
  const document = new Document(value, {
    aliasDuplicateObjects: false,
    // Readers of YAML 1.1 take a time without quotes for something else than a string.
    compat: 'yaml-1.1',
    customTags: (tags) => [...tags, filled as never],
  })
  visit(document, {
    Collection(_, node, path) {
      const parent = path.at(-1)
      const key = isPair(parent) ? String(parent.key) : ''
      const indent = 2 * (path.filter(isMap).length - 1)
      // As JSON it is hardly longer: quotes come, padding goes.
      const isShort = indent + key.length + 2 + JSON.stringify(node.toJSON()).length <= width
      if (isShort) node.flow = true
      else if (isPair(parent) && (key === 'example' || key === 'value' || node.items.every(isName)))
        parent.value = new Scalar(new Filled(node.toJSON()))
      else return undefined
      return visit.SKIP
    },
  })
  return document.toString({ indentSeq: false, flowCollectionPadding: false, lineWidth: width })
}

const isName = (node: unknown) => isScalar(node) && typeof node.value === 'string'

/** The text in lines of the width; a line break after a comma is a space, in quotes as well. */
function broken({ text }: Filled, indent: string): string {
  const lines = ['']
  for (const part of text.split(/(?<=, )(?=\S)/)) {
    const line = lines.at(-1)! + part
    if (line.trimEnd().length + indent.length <= width) lines[lines.length - 1] = line
    else lines.push(part)
  }
  return lines.map((line) => line.trimEnd()).join(`\n${indent}`)
}
