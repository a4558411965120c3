import { z } from 'zod'
import { newJobId } from '../../../queue/producer/job-identity.ts'
import type { Batches } from '../../../storage/batches/batches.ts'
import { mostInFile, readAsked } from '../../../storage/batches/read-asked.ts'
import type { App } from '../../app-type.ts'
import { bytesOf, importTypes } from '../../in/streamed-body.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { refusalsField } from '../../openapi/schemas.ts'

const inputSchema = z
  .object({
    input: z.string().describe('To be named by one job, whose id it then is.'),
    what: z.enum(['users', 'pairs']),
    count: z.int().describe('Users, or pairs, that were taken.'),
    refused: z.int().describe('Lines that were not.'),
    refusals: refusalsField,
  })
  .meta({ id: 'AskedFile' })

/** Route of files of users, or pairs, for a job of kind `recommend-all`. */
export function batchInputRoutes(
  app: App,
  { batches, limitBytes }: { batches: Batches; limitBytes: number },
): void {
  app.post(
    '/v1/batches/inputs',
    operation('admin', {
      operationId: 'putBatchInput',
      isLong: true,
      summary: 'Send the users or pairs of a batch',
      description: `The file itself is the body: a CSV whose header names a column \`userId\`, and \`movieId\` for pairs, with at most ${mostInFile} of them. A line that cannot be taken spoils no other. The job names it as \`input\`; without one it goes with the batches that are as old. Users need not be known: they are answered as strangers.`,
      tags: ['recommendations'],
      consumes: importTypes,
      body: z.unknown().meta({ type: 'string', format: 'binary' }),
      response: {
        ...answer(201, 'What was taken.', inputSchema),
        ...problems(
          'too-large',
          'unrecognised-format',
          'no-good-line',
          'unsupported-media-type',
          'out-of-space',
          'store-unavailable',
          'store-read-only',
        ),
      },
    }),
    async (request, reply) => {
      const { what, asked, ...refused } = await readAsked(bytesOf(request, limitBytes))
      const input = newJobId()
      await batches.ask(input, [...asked])
      await batches.describeInput(input, { what, count: asked.length })
      return reply.code(201).send({ input, what, count: asked.length, ...refused })
    },
  )
}
