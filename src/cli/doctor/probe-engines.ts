import { hostname } from 'node:os'
import type { EngineReport } from '../../model/engine-report.ts'
import { algorithms, trainingSpecSchema } from '../../model/spec/training-spec.ts'
import { type BackendPreference, enginesFor } from '../../training/engines/engine.ts'
import { enginesOn, type ProbeOptions, probeBackend } from './probe-backend.ts'

/**
 * The engines of this machine, each backend tried in a process of its own; `preference` is the
 * backend that "auto" is limited to.
 */
export async function probeEngines(
  preference: BackendPreference,
  options: ProbeOptions = {},
): Promise<EngineReport> {
  const checkedAt = new Date().toISOString()
  const backends = Object.keys(enginesOn) as (keyof typeof enginesOn)[]
  const found = await Promise.all(backends.map((backend) => probeBackend(backend, options)))
  const engines = found.flat()
  const auto = algorithms.flatMap((algorithm) => {
    const options = enginesFor(trainingSpecSchema.parse({ algorithm }), preference)
    const taken = options.find(({ engine, backend, takesSoftware }) =>
      engines.some(
        (state) =>
          state.engine === engine &&
          state.backend === backend &&
          state.isAvailable &&
          (takesSoftware || !state.isSoftware),
      ),
    )
    return taken ? [{ algorithm, engine: taken.engine, backend: taken.backend }] : []
  })
  return { host: hostname(), checkedAt, engines, auto }
}
