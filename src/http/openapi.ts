import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { epochSchema } from '../model/card.ts'
import { trainingSpecSchema } from '../model/training-spec.ts'
import type { App } from './app-type.ts'

const description = `Self-hosted movie recommendations. Ids are strings, times are ISO 8601, errors are RFC 9457
problem documents with a stable \`code\`, and every answer that comes from a model names its version.
An unknown field or query parameter is an error.`

const tags = {
  predictions: 'What would a user give a movie',
  recommendations: 'What would a user like best',
  movies: 'The catalogue and its rankings',
  imports: 'Ratings and movies as files',
  training: 'Trainings as jobs',
  models: 'What was trained and which model serves',
  health: 'Probes for operators',
}

// What another room defines and several answers show gets one name in the document.
nameComponent(trainingSpecSchema, 'TrainingSpec')
nameComponent(epochSchema, 'EpochReport')

/** Collects the document from the routes that are added after it. */
export async function collectOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Marquee',
        version: '1.0.0',
        description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: 'http://127.0.0.1:3000', description: 'As started on this machine' }],
      tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  })
}

/** `/openapi.json`, and `/docs` to read and try it, from this server alone. */
export function openApiRoutes(app: App): void {
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () =>
    app.swagger(),
  )
  void app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' } as typeof route.config
    })
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: true,
      uiConfig: { url: '/openapi.json', deepLinking: true },
    })
  })
}

function nameComponent(schema: z.ZodType, id: string): void {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id })
}

/** Every component comes in an input and an output form; most are used in one of them only. */
function withoutUnused<Document extends { components?: { schemas?: object } }>(
  document: Document,
): Document {
  const schemas = Object.entries(document.components?.schemas ?? {})
  const used = schemas.filter(([name]) =>
    JSON.stringify(document).includes(`"#/components/schemas/${name}"`),
  )
  const components = { ...document.components, schemas: Object.fromEntries(used) }
  const pruned = { ...document, components }
  return used.length === schemas.length ? document : withoutUnused(pruned)
}
