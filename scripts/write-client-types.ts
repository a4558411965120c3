import { readFile, writeFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'

// openapi-typescript writes its types with the interface for programs of TypeScript 5, which
// version 7, the one of this project, does not have; this package holds the one and no command of
// its name.
const version5 = '@ts-morph/common/dist/typescript.js'
const asVersion5 = `export const resolve = (name, context, next) =>
  next(name === 'typescript' ? '${version5}' : name, context)`
register(`data:text/javascript,${encodeURIComponent(asVersion5)}`)
const { default: openapiTs, astToString } = await import('openapi-typescript')

const head = '// Made from openapi.yaml by `npm run openapi`; change the routes.\n\n'

/** The types of the API, as the client has them, of a document in YAML. */
export async function clientTypes(yaml: string): Promise<string> {
  return head + astToString(await openapiTs(yaml))
}

const root = new URL('../', import.meta.url)
if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(
    new URL('clients/typescript/src/api.ts', root),
    await clientTypes(await readFile(new URL('openapi.yaml', root), 'utf8')),
  )
