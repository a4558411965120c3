#!/usr/bin/env node
// Serves the page of this folder, and tells it who has logged in, with a token that opens that user's lists
// and nothing else. Both secrets are made by `marquee key public` and `marquee key token-secret`.
//
//     MARQUEE_CORS_ORIGINS=http://127.0.0.1:8080 MARQUEE_API_KEYS=public:… MARQUEE_TOKEN_SECRETS=… bin/marquee serve
//     MARQUEE=http://127.0.0.1:3000 PUBLIC_KEY=… TOKEN_SECRET=… USER_ID=15 node examples/front-end/server.mjs
import { readFile } from 'node:fs/promises'
import fastify from 'fastify'
import { SignJWT } from 'jose'

const {
  MARQUEE: marquee = 'http://127.0.0.1:3000',
  PUBLIC_KEY: publicKey = '',
  TOKEN_SECRET: secret = '',
  USER_ID: userId = '',
  PORT: port = '8080',
} = process.env
const files = { '/': ['index.html', 'text/html'], '/main.js': ['main.js', 'text/javascript'] }
const app = fastify()
for (const [path, [name, type]] of Object.entries(files))
  app.get(path, async (_request, reply) => {
    const text = await readFile(new URL(name, import.meta.url), 'utf8')
    reply.type(type)
    return text.replace('content="" data-key=""', `content="${marquee}" data-key="${publicKey}"`)
  })
app.get('/favicon.ico', (_request, reply) => reply.code(204).send())
app.get('/me', async (_request, reply) => {
  reply.header('cache-control', 'no-store')
  // A site takes the user from its session.
  if (userId === '') return { userId: null, token: null }
  const claims = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setAudience('marquee')
  const about = claims.setSubject(userId).setIssuedAt().setExpirationTime('15m')
  return { userId, token: await about.sign(new TextEncoder().encode(secret)) }
})
console.log(await app.listen({ host: '127.0.0.1', port: Number(port) }))
