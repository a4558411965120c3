import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { version } from '../../version.ts'
import type { App } from '../app-type.ts'
import { type OpenApiDocument, tidyDocument } from './document.ts'
import { createDocuments, type DocumentFormat } from './documents.ts'

const description = `Self-hosted movie recommendations. Ids are strings, times are ISO 8601, errors are RFC 9457
problem documents with a stable \`code\`, and every answer that comes from a model names its version.
An unknown field or query parameter is an error; an answer may have more fields in a later release. A \`displayTitle\`
is a title as people write it: "The Godfather" of "Godfather, The".`

const roles =
  'It has one of the roles `public`, `read`, `write` and `admin`, each of which opens what those before it do.'

const userTokens =
  'A token of one user, made by your backend: a JWT signed by HS256 with a secret that it shares with this service, `aud` "marquee", `sub` the id of the user, `iat` and `exp` at most a day apart. With `scope` "rate" the user may also rate.'

const tags = {
  predictions: 'What would a user give a movie',
  recommendations: 'What would a user like best',
  movies: 'The catalogue and its rankings',
  ratings: 'Ratings as they are given',
  imports: 'Ratings and movies as files',
  users: 'What is known of one, and forgetting it',
  training: 'Trainings as jobs',
  models: 'What was trained and which model serves',
  experiments: 'Two models side by side',
  health: 'Probes for operators',
}

/** Collects the document from the routes that are added after it. */
export async function collectOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Marquee',
        version,
        description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'The server that gave this document' }],
      tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: `An API key. ${roles}` },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
          userToken: {
            ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
            description: userTokens,
          },
        },
      },
    },
    transform: (route) => {
      const described = jsonSchemaTransform(route)
      const { config } = route.route as { config?: { isTagged?: boolean; isOnce?: boolean } }
      if (config?.isOnce) return { ...described, schema: withKey(described.schema) }
      return config?.isTagged ? { ...described, schema: withTag(described.schema) } : described
    },
    transformObject: jsonSchemaTransformObject,
  })
}

/** The OpenAPI 3.1 document of all routes, once the app is ready. */
export function openApiDocument(app: Pick<App, 'swagger'>): OpenApiDocument {
  return tidyDocument(app.swagger() as unknown as OpenApiDocument)
}

/** Swagger UI brings these routes, and would make the document of all operations for each answer. */
const documents: Record<string, DocumentFormat> = { '/docs/json': 'json', '/docs/yaml': 'yaml' }

/** `/openapi.json`, and `/docs` to read and try it, from this server alone. */
export function openApiRoutes(app: App): void {
  void app.register((docs, _options, done) => {
    const send = createDocuments()
    docs.addHook('onRoute', (route) => {
      Object.assign(route, { config: { ...route.config, access: 'anyone' } })
    })
    docs.addHook('onRequest', async (request, reply) => {
      const format = documents[request.routeOptions.url ?? '']
      if (format) return send(format, request, reply)
    })
    docs.get('/openapi.json', { schema: { hide: true } }, (request, reply) =>
      send('json', request, reply),
    )
    void docs.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: docsPolicy,
      // No validator: it is a foreign host.
      uiConfig: { deepLinking: true, validatorUrl: 'none' },
    })
    done()
  })
}

/** Adds the header of requests that are done once. */
function withKey<Schema>(schema: Schema): Schema {
  const key = {
    type: 'string',
    description:
      'Drawn for this request: for a day the same key and body get the first answer again, and nothing is done twice.',
  }
  return { ...schema, headers: { type: 'object', properties: { 'Idempotency-Key': key } } }
}

/** Adds what `tagged` does with the headers and the status. */
function withTag<Schema>(schema: Schema): Schema {
  const { response, headers, ...rest } = schema as {
    response: Record<string, object>
    headers?: object
  }
  const tag = { type: 'string', description: 'Names what the answer rests on.' }
  const known = { type: 'string', description: 'The ETag of an answer that the client has.' }
  return {
    ...rest,
    headers: { ...headers, type: 'object', properties: { 'If-None-Match': known } },
    response: {
      ...response,
      200: { ...response['200'], headers: { ETag: tag } },
      304: { type: 'null', description: 'It is still the answer.' },
    },
  } as Schema
}

/** Swagger UI sets styles by script; it needs no other host and no inline code. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
