import { NodeKind } from 'assemblyscript'
import { Transform } from 'assemblyscript/transform'

/**
 * Transform of the kernels' compiler: for every class of the sources, all of which are
 * `@unmanaged`, it exports the offset of each field as `Class_field_type` and the size as `Class`.
 * A test compares them with the declarations in TypeScript.
 */
// biome-ignore lint/style/noDefaultExport: the compiler wants one
export default class ExportOffsets extends Transform {
  afterParse(parser) {
    const classes = parser.sources
      .filter(({ normalizedPath }) => !normalizedPath.startsWith('~lib/'))
      .flatMap(({ statements }) => statements)
      .filter(({ kind }) => kind === NodeKind.ClassDeclaration)
    const fieldsOf = ({ extendsType, members }) => [
      ...classes
        .filter(({ name }) => name.text === extendsType?.name.identifier.text)
        .flatMap(fieldsOf),
      ...members.filter(({ kind }) => kind === NodeKind.FieldDeclaration),
    ]
    const lines = classes.flatMap((each) => {
      const name = each.name.text
      const path = each.range.source.normalizedPath.slice(0, -'.ts'.length)
      return [
        `import { ${name} as ${name}Class } from './${path}'`,
        `export const ${name} = offsetof<${name}Class>()`,
        ...fieldsOf(each).map(
          ({ name: { text: field }, type }) =>
            `export const ${name}_${field}_${type.name.identifier.text} = offsetof<${name}Class>('${field}')`,
        ),
      ]
    })
    parser.parseFile(lines.join('\n'), 'offsets.ts', true)
  }
}
