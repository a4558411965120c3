import { z } from 'zod'
import { type EngineReport, engineReportSchema } from '../../../model/engine-report.ts'
import type { TrainingQueue } from '../../../queue/producer/training-queue.ts'
import { workKinds } from '../../../queue/work-kinds.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'

const enginesSchema = z
  .object({
    server: engineReportSchema.describe('What the machine of this server could train on.'),
    workers: z
      .array(
        z.object({
          worker: z.string(),
          kinds: z.array(z.enum(workKinds)).describe('Jobs that it takes; others it leaves.'),
          concurrency: z.int().describe('Jobs that it does at once.'),
          report: engineReportSchema,
        }),
      )
      .nullable()
      .describe(
        'What each worker that is there takes and can train on, which it knows some seconds after its start; trainings run there. Null when Redis cannot be reached.',
      ),
  })
  .meta({ id: 'Engines' })

/** Route of the engines and devices: those that are there, those that are not, and why. */
export function engineRoutes(
  app: App,
  { queue, engines }: { queue: TrainingQueue; engines: () => Promise<EngineReport> },
): void {
  app.get(
    '/v1/engines',
    operation('read', {
      operationId: 'listEngines',
      summary: 'List engines and devices',
      description:
        'As `marquee doctor` says it, of the machine of this server and of each worker. The first answer may take seconds: every engine is tried, in a process of its own.',
      tags: ['training'],
      response: { ...answer(200, 'The engines.', enginesSchema), ...problems() },
    }),
    async () => {
      const [server, workers] = await Promise.all([engines(), queue.workers().catch(() => null)])
      return { server, workers }
    },
  )
}
