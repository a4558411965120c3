import { MarqueeError } from '../../errors.ts'
import type { BackendName } from '../../model/engine-report.ts'
import type { BayesSpec, SteppedSpec } from '../../model/spec/training-spec.ts'
import type { Engine } from '../trainer.ts'

/** On what TensorFlow.js computes; "auto" takes the first of cuda, webgpu, wasm that works here. */
export type BackendPreference = 'auto' | BackendName

/** An engine that may train something; software that poses as a GPU only where it was named. */
export type EngineOption = {
  readonly engine: Exclude<SteppedSpec['engine'], 'auto'>
  readonly backend: BackendName
  readonly takesSoftware: boolean
}

type Needs = Pick<SteppedSpec, 'engine' | 'algorithm' | 'optimizer'> | Pick<BayesSpec, 'algorithm'>

/**
 * The engines that may train this, in the order in which they are tried. "auto" takes a GPU for the
 * dot products where there is one, with the kernels of engine `webgpu`, else those of `simd`, and
 * TensorFlow.js where these do not start; a backend that is preferred by name limits it to that one.
 */
export function enginesFor(spec: Needs, preference: BackendPreference): EngineOption[] {
  const simd: EngineOption = { engine: 'simd', backend: 'wasm', takesSoftware: false }
  if (spec.algorithm === 'bayes') return [simd]
  if (spec.optimizer === 'per-rating' || spec.engine === 'simd') return [simd]
  const isNamed = preference !== 'auto'
  const backends = isNamed ? [preference] : (['cuda', 'webgpu', 'wasm'] as const)
  const tensorflow = backends.map(
    (backend): EngineOption => ({ engine: 'tensorflow', backend, takesSoftware: isNamed }),
  )
  if (spec.engine === 'tensorflow') return tensorflow
  // The batches of a net are too small for a GPU: what the kernels compute takes it longer to start.
  if (spec.algorithm === 'net')
    return preference === 'auto' || preference === 'wasm' ? [simd, ...tensorflow] : tensorflow
  const takesSoftware = spec.engine === 'webgpu' || preference === 'webgpu'
  const webgpu: EngineOption = { engine: 'webgpu', backend: 'webgpu', takesSoftware }
  if (spec.engine === 'webgpu') return [webgpu]
  return [
    ...(preference === 'auto' || preference === 'webgpu' ? [webgpu] : []),
    ...tensorflow.flatMap((option) => (option.backend === 'wasm' ? [simd, option] : [option])),
  ]
}

/**
 * Does `work` on the first engine that starts of those that may train this. Where the spec leaves
 * the engine open and its device is lost, or the training does not fit it, the work begins anew on
 * the next one; `onSetback` is told why.
 */
export async function onEngine<Result>(
  spec: Needs,
  preference: BackendPreference,
  work: (engine: Engine) => Promise<Result>,
  onSetback?: (reason: string) => void,
): Promise<Result> {
  for (let options = enginesFor(spec, preference); ; ) {
    const { engine, rest } = await startEngine(options)
    try {
      return await work(engine)
    } catch (error) {
      if (rest.length === 0 || !isSetback(error)) throw error
      onSetback?.(error.message)
      options = rest
    }
  }
}

function isSetback(error: unknown): error is MarqueeError {
  return error instanceof MarqueeError && ['device-lost', 'no-engine'].includes(error.code)
}

/**
 * The first of the engines that starts, and those after it. Where none does, a `no-engine` error
 * with the reason of each.
 */
export async function startEngine(
  options: readonly EngineOption[],
): Promise<{ engine: Engine; rest: EngineOption[] }> {
  const reasons: string[] = []
  for (const [i, option] of options.entries())
    try {
      return { engine: await start(option), rest: options.slice(i + 1) }
    } catch (error) {
      const [reason] = String(error instanceof Error ? error.message : error).split('\n')
      reasons.push(`${nameOf(option)}: ${reason}`)
    }
  throw new MarqueeError('no-engine', `No engine for this starts here (${reasons.join('; ')}).`)
}

/** Starts one engine, whose code is loaded only now; an error says why it cannot be had. */
async function start({ engine, backend, takesSoftware }: EngineOption): Promise<Engine> {
  switch (engine) {
    case 'simd':
      return (await import('./simd/simd-engine.ts')).createSimdEngine()
    case 'webgpu':
      return (await import('./webgpu/webgpu-engine.ts')).createWebgpuEngine({ takesSoftware })
    case 'tensorflow': {
      const { createTensorflowEngine } = await import('./tensorflow/tensorflow-engine.ts')
      return createTensorflowEngine(backend, { takesSoftware })
    }
  }
}

function nameOf({ engine, backend }: EngineOption): string {
  return engine === 'tensorflow' ? `${engine} on ${backend}` : engine
}
