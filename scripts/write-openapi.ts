import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { buildApp } from '../src/http/app.ts'
import { fixedKeys } from '../src/http/keys/api-keys.ts'
import { openApiDocument } from '../src/http/openapi/openapi.ts'

const head = '# Made from the routes by `npm run openapi`; change those.\n'

/** The OpenAPI document of the routes, as it stands in openapi.yaml. */
export async function openApiYaml(): Promise<string> {
  // A document is made from the routes alone: nothing that they answer from is asked.
  const unused = {} as never
  const app = await buildApp({
    serving: { live: {} } as never,
    queue: unused,
    schedules: unused,
    live: unused,
    counts: unused,
    store: unused,
    health: unused,
    registry: unused,
    apiKeys: fixedKeys([]),
    importLimitBytes: 1,
    responseCacheBytes: 0,
    engines: unused,
    logger: pino({ level: 'silent' }),
  })
  try {
    const document = openApiDocument(app)
    // Readers of YAML 1.1 take a time without quotes for something else than a string.
    const style = { aliasDuplicateObjects: false, lineWidth: 100, compat: 'yaml-1.1' } as const
    return head + stringify(document, style)
  } finally {
    await app.close()
  }
}

const path = fileURLToPath(new URL('../openapi.yaml', import.meta.url))
if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(path, await openApiYaml())
