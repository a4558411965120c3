import { z } from 'zod'

/** A backend of TensorFlow.js. */
export type BackendName = 'cuda' | 'webgpu' | 'wasm'

export const engineStateSchema = z
  .object({
    engine: z.string().describe('As in the `engine` of a training.'),
    backend: z.string().describe('What it computes on: cuda, webgpu or wasm.'),
    isAvailable: z.boolean(),
    device: z.string().nullable().describe('The device in words; null where there is none.'),
    isSoftware: z
      .boolean()
      .describe('A CPU that poses as a GPU: taken when asked for by name, never by "auto".'),
    reason: z.string().nullable().describe('Why it is not available; null where it is.'),
  })
  .meta({ id: 'EngineState' })
/** Whether one engine can train here, or why not. */
export type EngineState = z.infer<typeof engineStateSchema>

export const engineReportSchema = z
  .object({
    host: z.string(),
    checkedAt: z.iso.datetime(),
    engines: z.array(engineStateSchema),
    auto: z
      .array(z.object({ algorithm: z.string(), engine: z.string(), backend: z.string() }))
      .describe('The engine that "auto" takes for an algorithm\'s default settings.'),
  })
  .meta({ id: 'EngineReport' })
/** The engines of one machine. */
export type EngineReport = z.infer<typeof engineReportSchema>
