import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { buildApp } from '../src/http/app.ts'
import { fixedKeys } from '../src/http/keys/api-keys.ts'
import { openApiDocument } from '../src/http/openapi/openapi.ts'
import { compactYaml } from './yaml-style.ts'

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
    return head + compactYaml(openApiDocument(app))
  } finally {
    await app.close()
  }
}

const path = fileURLToPath(new URL('../openapi.yaml', import.meta.url))
if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(path, await openApiYaml())
