import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

/**
 * Fastify and nothing else: `/0`, `/1` … answer with the objects of a JSON file, also to a PUT or
 * a POST, whose body it reads. ANSWERS.
 */
const answers = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as object[]
const app = Fastify()
for (const [i, answer] of answers.entries()) {
  app.get(`/${i}`, async () => answer)
  app.put(`/${i}`, async () => answer)
  app.post(`/${i}`, async () => answer)
}
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
