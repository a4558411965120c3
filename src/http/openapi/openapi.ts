import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { epochSchema } from '../../model/card.ts'
import { engineReportSchema } from '../../model/engine-report.ts'
import { learningRateSearchSchema } from '../../model/spec/learning-rate-search.ts'
import { trainingSpecSchema } from '../../model/spec/training-spec.ts'
import { trialSchema } from '../../model/spec/trial.ts'
import { tuningSpaces } from '../../model/spec/tuning-space.ts'
import { tuningSpecSchema } from '../../model/spec/tuning-spec.ts'
import { jobRequestSchema } from '../../queue/job-request.ts'
import type { App } from '../app-type.ts'

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
nameComponent(tuningSpecSchema, 'TuningSpec')
nameComponent(tuningSpaces.dot.unwrap(), 'DotSpace')
nameComponent(tuningSpaces.net.unwrap(), 'NetSpace')
nameComponent(jobRequestSchema, 'JobRequest')
nameComponent(learningRateSearchSchema, 'RateSearch')
nameComponent(engineReportSchema, 'EngineReport')
nameComponent(trialSchema, 'Trial')
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
    transform: (route) => {
      const described = jsonSchemaTransform(route)
      const { config } = route.route as { config?: { isTagged?: boolean } }
      return config?.isTagged ? { ...described, schema: withTag(described.schema) } : described
    },
    transformObject: jsonSchemaTransformObject,
  })
}

/** The OpenAPI 3.1 document of all routes, once the app is ready. */
export function openApiDocument(app: Pick<App, 'swagger'>) {
  const document = app.swagger() as { paths?: object; components?: { schemas?: Schemas } }
  const schemas = usedSchemas(document.paths, document.components?.schemas ?? {})
  return { ...document, components: { ...document.components, schemas } }
}

/** `/openapi.json`, and `/docs` to read and try it, from this server alone. */
export function openApiRoutes(app: App): void {
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () =>
    openApiDocument(app),
  )
  void app.register((docs, _options, done) => {
    docs.addHook('onRoute', (route) => {
      Object.assign(route, { config: { ...route.config, access: 'public' } })
    })
    void docs.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: docsPolicy,
      // What is tried out goes to the server that the page came from, wherever that is.
      transformSpecification: () => ({ ...openApiDocument(app), servers: [{ url: '/' }] }),
      // No validator: it is a foreign host.
      uiConfig: { deepLinking: true, validatorUrl: 'none' },
    })
    done()
  })
}

/** Adds what `tagged` does with the headers and the status. */
function withTag<Schema>(schema: Schema): Schema {
  const { response, headers, ...rest } = schema as {
    response: Record<string, object>
    headers?: object
  }
  const tag = { type: 'string', description: 'Names the versions that the answer rests on.' }
  const known = { type: 'string', description: 'The ETag of an answer that the client has.' }
  return {
    ...rest,
    headers: { ...headers, type: 'object', properties: { 'If-None-Match': known } },
    response: {
      ...response,
      200: { ...response['200'], headers: { ETag: tag } },
      304: { type: 'null', description: 'The answer with this ETag is still the answer.' },
    },
  } as Schema
}

function nameComponent(schema: z.ZodType, id: string): void {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id })
}

/** Swagger UI sets styles by script; it needs no other host and no inline code. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type Schemas = Record<string, unknown>

/** Every component comes in an input and an output form; most are used in one of them only. */
function usedSchemas(paths: unknown, schemas: Schemas): Schemas {
  const text = JSON.stringify({ paths, schemas })
  const used = Object.entries(schemas).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  )
  const pruned = Object.fromEntries(used)
  return used.length === Object.keys(schemas).length ? pruned : usedSchemas(paths, pruned)
}
