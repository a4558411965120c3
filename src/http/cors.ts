import cors from '@fastify/cors'
import type { App } from './app-type.ts'

/**
 * Lets pages of these origins, and of no others, read answers and send what changes something. Goes
 * before the check of keys: a browser asks first (OPTIONS), without the key. No cookies are sent.
 */
export async function allowOrigins(app: App, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id'],
    maxAge: 600,
    // Otherwise other requests of this method are refused in plain text.
    strictPreflight: false,
  })
}
